import { rm } from 'node:fs/promises';
import { EngineFailed } from '../engineFailed.js';

/**
 * Deletes a copy that is not complete, because it holds the secrets.
 *
 * @param error why it is not complete, in a sentence for the operator.
 * @returns what to throw: `error`, or, where the copy could not be deleted, one that also says what to delete.
 */
export const discardCopy = async (folder: string, error: Error): Promise<Error> => {
  try {
    await rm(folder, { recursive: true, force: true });
    return error;
  } catch {
    return new EngineFailed(`${error.message} Delete ${folder}, which holds secrets.`, { cause: error });
  }
};
