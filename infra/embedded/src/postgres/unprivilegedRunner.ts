import { spawnSync } from 'node:child_process';
import { lchown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineFailed } from '../engineFailed.js';

/** How to start a program so that Postgres accepts its user. */
export interface Runner {
  /** Words to put before the command. */
  prefix: readonly string[];
  /** The uid that the program's files must belong to; undefined when it runs as this process's user. */
  owner?: number;
}

const ROOT = 0;

/**
 * Chooses how to start Postgres, which refuses to run as root. An unprivileged user starts it directly. Root starts it in
 * a user namespace that maps root to an unprivileged user (needs no chown, works below /root). Where namespaces are
 * disabled (the default in Docker), or the folder belongs to another user, root starts it as that user; the program
 * keeps one capability, CAP_DAC_OVERRIDE, to pass through folders that the user could not read.
 * @param folder the parent of the data folder; must exist.
 * @param user uid of this process.
 * @throws EngineFailed when root can use neither unshare nor setpriv.
 */
export const unprivilegedRunner = async (
  program: string,
  folder: string,
  user = process.getuid?.(),
): Promise<Runner> => {
  if (user !== ROOT) return { prefix: [] };
  const { uid: owner } = await stat(folder);
  const unprivileged = await unprivilegedUid();
  const candidates: Runner[] = owner === ROOT ? [inNamespace(unprivileged), asUser(unprivileged)] : [asUser(owner)];
  const runner = candidates.find((candidate) => canRun(candidate, program, folder));
  if (runner === undefined) {
    throw new EngineFailed(
      'Postgres refuses to run as root, and neither unshare nor setpriv works here; start as an unprivileged user.',
    );
  }
  return runner;
};

/** Runs as root outside and as `uid` inside a user namespace. */
export const inNamespace = (uid: number): Runner => ({
  prefix: ['unshare', '--user', `--map-user=${uid}`, `--map-group=${uid}`, '--'],
});

/** Runs as `uid`, with access to folders closed to it (the repository or the data may lie below /root). */
export const asUser = (uid: number): Runner => ({
  prefix: [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${uid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--',
  ],
  owner: uid,
});

/** Changes the owner of a folder and everything in it. No-op when `owner` is undefined or already owns the folder. */
export const changeOwner = async (folder: string, owner: number | undefined): Promise<void> => {
  if (owner === undefined || (await stat(folder)).uid === owner) return;
  for (const name of await readdir(folder, { recursive: true })) await lchown(join(folder, name), owner, owner);
  await lchown(folder, owner, owner);
};

/** initdb looks up the name of its user, so the uid must be in /etc/passwd. */
const unprivilegedUid = async (): Promise<number> => {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'nobody') ?? users.find((fields) => Number(fields[2]) > 0);
  return Number(user?.[2] ?? 65534);
};

const canRun = ({ prefix: [command = '', ...words] }: Runner, program: string, folder: string): boolean => {
  const probe = [...words, 'sh', '-c', '"$0" --version && test -w "$1"', program, folder];
  return spawnSync(command, probe, { stdio: 'ignore', env: { PATH: process.env.PATH } }).status === 0;
};
