import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { writePrivateFile } from '../dataFolder/writePrivateFile.js';
import { EngineFailed } from '../engineFailed.js';
import { undefinedIfMissing } from '../undefinedIfMissing.js';
import type { Binaries } from './postgresBinaries.js';
import { failureReason, startProgram } from './startProgram.js';
import { changeOwner, type Runner } from './unprivilegedRunner.js';

/** Encoding and collation do not depend on the machine's locale. */
const INITDB_FLAGS = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

/**
 * Creates the data folder when it is missing, otherwise checks its major version. The folder is created under a temporary
 * name and renamed, so it is never incomplete. The password file is renamed after it, so a password file without a folder
 * means that the folder was lost.
 * @param fsync false skips flushing the new folder to disk (tests only).
 * @returns the superuser's password, which is stored in a 0600 file next to the folder.
 * @throws EngineFailed when the folder is damaged, lost, or of something else; nothing is changed then.
 */
export const openCluster = async (
  dataDir: string,
  binaries: Binaries,
  runner: Runner,
  fsync: boolean,
): Promise<string> => {
  const passwordFile = `${dataDir}.password`;
  const unfinished = `${dataDir}.unfinished`;
  const unfinishedPassword = `${unfinished}.password`;
  if (await isNotEmpty(dataDir)) {
    await checkVersion(dataDir, binaries.major);
    if (!(await exists(passwordFile))) await rename(unfinishedPassword, passwordFile).catch(undefinedIfMissing);
    return readPassword(passwordFile);
  }
  if ((await exists(passwordFile)) && !(await exists(unfinished))) throw clusterLost(dataDir);
  const password = randomBytes(24).toString('base64url');
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
  } catch (error) {
    throw new EngineFailed(
      `The Postgres data folder ${dataDir} cannot be created (${codeOf(error) ?? 'unknown error'}).`,
      { cause: error },
    );
  }
  await writePrivateFile(unfinishedPassword, `${password}\n`);
  await changeOwner(unfinished, runner.owner);
  const initdb = startProgram(runner, binaries.initdb, [
    ...INITDB_FLAGS,
    ...(fsync ? [] : ['--no-sync']),
    `--pwfile=${unfinishedPassword}`,
    `--pgdata=${unfinished}`,
  ]);
  const end = await initdb.ended;
  if (end !== 'exit code 0') {
    await rm(unfinished, { recursive: true, force: true });
    await rm(unfinishedPassword, { force: true });
    throw new EngineFailed(
      `The Postgres data folder ${dataDir} could not be created: ${failureReason(initdb.lines) ?? end}.`,
    );
  }
  await rename(unfinished, dataDir);
  await rename(unfinishedPassword, passwordFile);
  return password;
};

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(undefinedIfMissing)) !== undefined;

/** A new folder in its place would start the service without its data. */
const clusterLost = (dataDir: string): EngineFailed =>
  new EngineFailed(
    `The Postgres data folder ${dataDir} is missing, but its password file exists: restore the folder; nothing was changed.`,
  );

const isNotEmpty = async (folder: string): Promise<boolean> => {
  try {
    return (await readdir(folder)).length > 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw new EngineFailed(`The Postgres data folder ${folder} cannot be read (${codeOf(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
};

const checkVersion = async (dataDir: string, major: string): Promise<void> => {
  const found = await readText(join(dataDir, 'PG_VERSION'));
  if (found === undefined || !/^\d+(\.\d+)?$/.test(found)) {
    throw new EngineFailed(
      `${dataDir} is damaged or is not a Postgres data folder: its PG_VERSION cannot be read; nothing was changed.`,
    );
  }
  if (found !== major) {
    throw new EngineFailed(
      `${dataDir} was created by Postgres ${found}, but this is Postgres ${major}; nothing was changed.`,
    );
  }
};

const readPassword = async (file: string): Promise<string> => {
  const password = await readText(file);
  if (!password) {
    throw new EngineFailed(
      `The password of the Postgres data folder cannot be read from ${file}; nothing was changed.`,
    );
  }
  return password;
};

const readText = async (file: string): Promise<string | undefined> => {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
};
