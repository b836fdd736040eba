import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivately } from '../dataFolder/writePrivately.js';
import { codeOf, EngineFailed } from '../engineFailed.js';
import type { Binaries } from './binaries.js';
import { reasonIn, startProgram } from './program.js';
import { giveTo, type Runner } from './unprivileged.js';

/** UTF-8 and byte order whatever the machine's locale says. */
const INITDB_FLAGS = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

/**
 * Makes the data folder when there is none, else checks that it is one of this major version.
 * It is made beside its place and renamed, so a half-made one never stands there; its password after it, so a password
 * without a folder tells that one is lost.
 * @returns the superuser's password, kept in a 0600 file beside the folder.
 * @throws EngineFailed for a foreign, damaged or lost folder; nothing is changed then.
 */
export async function openCluster(
  dataDir: string,
  binaries: Binaries,
  runner: Runner,
  fsync: boolean,
): Promise<string> {
  const passwordFile = `${dataDir}.password`;
  const unfinished = `${dataDir}.unfinished`;
  const firstPassword = `${unfinished}.password`;
  if (await holdsFiles(dataDir)) {
    await checkVersion(dataDir, binaries.major);
    if (!(await exists(passwordFile))) await rename(firstPassword, passwordFile).catch(unlessAbsent);
    return readPassword(passwordFile);
  }
  if ((await exists(passwordFile)) && !(await exists(unfinished))) throw lost(dataDir);
  const password = randomBytes(24).toString('base64url');
  try {
    await rm(unfinished, { recursive: true, force: true });
    await writePrivately(firstPassword, `${password}\n`);
    await mkdir(unfinished, { mode: 0o700 });
  } catch (error) {
    throw new EngineFailed(
      `The Postgres data folder ${dataDir} cannot be made (${codeOf(error) ?? 'unknown error'}).`,
      { cause: error },
    );
  }
  await giveTo(runner.owner, unfinished);
  const initdb = startProgram(runner, binaries.initdb, [
    ...INITDB_FLAGS,
    ...(fsync ? [] : ['--no-sync']),
    `--pwfile=${firstPassword}`,
    `--pgdata=${unfinished}`,
  ]);
  const end = await initdb.ended;
  if (end !== 'exit code 0') {
    await rm(unfinished, { recursive: true, force: true });
    await rm(firstPassword, { force: true });
    throw new EngineFailed(`The Postgres data folder ${dataDir} could not be made: ${reasonIn(initdb.lines) ?? end}.`);
  }
  await rename(unfinished, dataDir);
  await rename(firstPassword, passwordFile);
  return password;
}

const unlessAbsent = (error: unknown): void => {
  if (codeOf(error) !== 'ENOENT') throw error;
};

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(unlessAbsent)) !== undefined;

/** Made anew in its place, it would be an empty service that knows nobody. */
const lost = (dataDir: string): EngineFailed =>
  new EngineFailed(
    `The Postgres data folder ${dataDir} is gone, but its password is still there: put it back; nothing was changed.`,
  );

const holdsFiles = async (folder: string): Promise<boolean> => {
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
  if (found === undefined) {
    throw new EngineFailed(
      `${dataDir} is no Postgres data folder or is damaged: its PG_VERSION cannot be read; nothing was changed.`,
    );
  }
  if (found !== major) {
    throw new EngineFailed(
      `${dataDir} was made by another major version of Postgres than ${major}; nothing was changed.`,
    );
  }
};

const readPassword = async (file: string): Promise<string> => {
  const password = await readText(file);
  if (!password)
    throw new EngineFailed(
      `The password of the Postgres data folder cannot be read from ${file}; nothing was changed.`,
    );
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
