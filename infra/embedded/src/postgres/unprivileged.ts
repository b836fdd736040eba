import { spawnSync } from 'node:child_process';
import { lchown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineFailed } from '../engineFailed.js';

/** How to start a program so that Postgres accepts it: words put before the command, and the owner its files need. */
export interface Runner {
  prefix: readonly string[];
  /** Set when the program does not run as this process's user: its files must belong to this one. */
  owner?: number;
}

const ROOT = 0;

/**
 * Postgres refuses to run as root. A plain user starts it directly. Root starts it in a user namespace that maps root to a
 * plain user (no chown, works below /root); where namespaces are closed (default Docker), or where the folder belongs to
 * somebody else, as that unprivileged user who keeps only the right to pass folders he could not read.
 * @param folder holds the data folder; must exist.
 * @param user of this process.
 */
export async function unprivileged(program: string, folder: string, user = process.getuid?.()): Promise<Runner> {
  if (user !== ROOT) return { prefix: [] };
  const { uid: owner } = await stat(folder);
  const plain = await plainUser();
  const candidates: Runner[] = owner === ROOT ? [inNamespace(plain), asUser(plain)] : [asUser(owner)];
  const runner = candidates.find((candidate) => works(candidate, program, folder));
  if (runner === undefined) {
    throw new EngineFailed(
      'Postgres does not run as root, and neither unshare nor setpriv may be used here; start as a plain user.',
    );
  }
  return runner;
}

/** Runs as root outside, as `uid` inside a user namespace. */
export const inNamespace = (uid: number): Runner => ({
  prefix: ['unshare', '--user', `--map-user=${uid}`, `--map-group=${uid}`, '--'],
});

/** Runs as `uid`, passing folders closed to it (the repository or the data may lie below /root). */
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

/** Gives a folder with all in it to `owner`; does nothing when it already belongs to him. */
export async function giveTo(owner: number | undefined, folder: string): Promise<void> {
  if (owner === undefined || (await stat(folder)).uid === owner) return;
  for (const name of await readdir(folder, { recursive: true })) await lchown(join(folder, name), owner, owner);
  await lchown(folder, owner, owner);
}

/** initdb looks its user up by number, so it must be one the system knows. */
const plainUser = async (): Promise<number> => {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const named = users.find(([name]) => name === 'nobody') ?? users.find((fields) => Number(fields[2]) > 0);
  return Number(named?.[2] ?? 65534);
};

const works = ({ prefix: [command = '', ...words] }: Runner, program: string, folder: string): boolean => {
  const probe = [...words, 'sh', '-c', '"$0" --version && test -w "$1"', program, folder];
  return spawnSync(command, probe, { stdio: 'ignore', env: { PATH: process.env.PATH } }).status === 0;
};
