import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { interruptible } from '@ums/embedded/interruptible';
import { closers } from '@ums/kit/closers';
import { codeOf } from '@ums/kit/postgres/errors';
import { isOperatorError, StartRefused } from '@ums/kit/startRefused';
import { checkPeople, peopleSentence } from './checkPeople.js';
import { exists } from './exists.js';
import { rebuildProjections } from './rebuildProjections.js';
import { copyBackups, startRestored } from './startRestored.js';
import { verifyHistory } from './verifyHistory.js';

const USAGE = 'Usage: npm run -s restore-drill -- <backup> [<newer backup, for the event log>]';

/**
 * `npm run -s restore-drill`: restores a backup beside it, starts the whole service on the copy, and proves that it is complete. With
 * a newer backup, the event log comes from that one, as if it had survived a loss of the databases. Neither the backups nor a
 * running service are changed, and mails go to the inbox of the drill.
 *
 * @param print gets a line for each step, with the seconds it took.
 * @param signal ends the drill: at once while it checks, and after the copying or the start that runs.
 * @returns the sentence to print. @throws StartRefused with one sentence: the backup is not usable, or the usage.
 */
export const restoreDrill = async (
  args: readonly string[],
  print: (line: string) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> => {
  const [backup, newer, ...others] = args.map((path) => (path.startsWith('-') ? undefined : resolve(path)));
  if (backup === undefined || args.includes('') || others.length > 0 || (args.length > 1 && newer === undefined))
    throw new StartRefused(USAGE);
  for (const folder of newer === undefined ? [backup] : [backup, newer]) await requireBackup(folder);
  const folder = `${backup}.drill`;
  const step = timedSteps(print);
  const checked: typeof step = (work, sentence) => step(() => interruptible(work(), signal), sentence);
  const { onClose, close } = closers();
  try {
    await mkdir(folder, { mode: 0o700 });
    onClose(() => rm(folder, { recursive: true, force: true }));
    await step(
      () => copyBackups({ backup, newer, folder }),
      () => 'the backup is copied',
    );
    signal.throwIfAborted();
    const restored = await step(
      () => startRestored({ folder, ownLog: newer === undefined }, onClose),
      () => 'the service is ready: event log, vault, read models and secrets belong together',
    );
    await checked(
      () => checkPeople(restored),
      (people) => peopleSentence(people, newer !== undefined),
    );
    await checked(
      () => rebuildProjections(restored),
      (names) => `rebuilt from the event log, the read models are the same: ${names.join(', ')}`,
    );
    await checked(
      () => verifyHistory(restored, { folder, checkpoints: join(newer ?? backup, 'checkpoints', 'checkpoints') }),
      (sentence) => sentence,
    );
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new StartRefused(`${folder} exists already: another drill runs, or delete it.`);
    if (signal.aborted) throw new StartRefused('The drill was interrupted; its copy is deleted.', { cause: error });
    if (isOperatorError(error)) throw error;
    throw new StartRefused(
      `The drill failed (${codeOf(error) ?? (error instanceof Error ? error.name : 'unknown')}).`,
      {
        cause: error,
      },
    );
  } finally {
    await close();
  }
  return 'The drill has passed; its copy is deleted.';
};

/** A folder without a version is no data folder, and the service would begin anew in it. A backup gets its name once it is whole. */
const requireBackup = async (folder: string): Promise<void> => {
  if (folder.endsWith('.unfinished'))
    throw new StartRefused(`${folder} is a backup that was ended in the middle, or still runs; use another one.`);
  // A backup has no claim of a process.
  if ((await namesIn(folder)).some((name) => name.startsWith('lock.')))
    throw new StartRefused(`${folder} is the data folder of a service, not a backup; make one with npm run -s backup.`);
  if (!(await exists(join(folder, 'version')))) throw new StartRefused(`${folder} is not a complete backup.`);
};

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    throw new StartRefused(`${folder} cannot be read (${codeOf(error) ?? 'unknown error'}).`, { cause: error });
  });

const timedSteps =
  (print: (line: string) => void) =>
  async <R>(work: () => Promise<R>, sentence: (result: R) => string): Promise<R> => {
    const startedAt = performance.now();
    const result = await work();
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    print(`${seconds.padStart(6)} s  ${sentence(result)}`);
    return result;
  };
