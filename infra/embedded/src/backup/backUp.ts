import { access, open, rename } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { isOperatorError } from '@ums/kit/startRefused';
import type { Engines } from '../dataFolder/enginesFile.js';
import { EngineFailed } from '../engineFailed.js';
import { copyCluster } from './copyCluster.js';
import { copyFolder } from './copyFolder.js';
import { discardCopy } from './discardCopy.js';

/** Copied at their own time, or only of use to the running processes; Kafka and OpenSearch are filled anew. */
const NOT_FIRST = /^(postgres|s3|engines|engines\.json|(postgres\.)?lock\..*|.*\.unfinished)$/;

/**
 * Copies the data folder of a running service into a new folder, which is a data folder too: to restore it is to start on it.
 *
 * The order makes the copy consistent. The checkpoints of the notary come first, because one that covers more events than the
 * copied log would say that events were taken away. Event log, vault and read models are of one moment. Objects come last,
 * because the log names objects that were stored before.
 *
 * @throws EngineFailed with what to tell the operator. What is copied until then stays in a folder with another name where the sentence says so.
 */
export const backUp = async (dataDir: string, to: string, { postgres }: Pick<Engines, 'postgres'>): Promise<void> => {
  const target = resolve(to);
  const unfinished = `${target}.unfinished`;
  await refuseUnusable(resolve(dataDir), target);
  try {
    await copyFolder(dataDir, unfinished, { isLeftOut: (path) => NOT_FIRST.test(path) });
    await copyCluster(postgres, join(dataDir, 'postgres'), join(unfinished, 'postgres'));
    await copyFolder(join(dataDir, 's3'), join(unfinished, 's3'));
    await rename(unfinished, target);
    const parent = await open(dirname(target));
    await parent.sync().finally(() => parent.close());
  } catch (error) {
    if (isOperatorError(error)) throw await discardCopy(unfinished, error);
    const left = (await exists(unfinished)) ? `; delete ${unfinished}` : '';
    throw new EngineFailed(`The backup failed (${codeOf(error) ?? 'unknown error'})${left}.`, { cause: error });
  }
};

const refuseUnusable = async (dataDir: string, target: string): Promise<void> => {
  if (!relative(dataDir, target).startsWith('..'))
    throw new EngineFailed(`The backup must be outside of the data folder ${dataDir}.`);
  if (await exists(target)) throw new EngineFailed(`${target} exists already; nothing was changed.`);
  if (await exists(`${target}.unfinished`))
    throw new EngineFailed(
      `${target}.unfinished exists already: another backup runs, or delete it. Nothing was changed.`,
    );
  if (!(await exists(dirname(target))))
    throw new EngineFailed(`The folder ${dirname(target)} does not exist; make it first.`);
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
