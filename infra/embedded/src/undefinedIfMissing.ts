import { codeOf } from '@ums/kit/postgres/errors';

/** For `.catch` of the file system: a file that does not exist is `undefined`. @throws any other error */
export const undefinedIfMissing = (error: unknown): undefined => {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
};
