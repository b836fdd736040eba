import { onceClosed } from '@ums/kit/http/connection/onceClosed';
import { whenAnswered } from '@ums/kit/http/connection/whenAnswered';
import type { Response } from 'express';

/**
 * Frees something once, when the request is answered or its client has disconnected; at once if it has already. A client that does
 * not read the answer keeps nothing.
 *
 * @param onFailed gets the error of `free`: no request is left that it could be thrown to.
 * @throws Error for a response of an app whose answers are not watched
 */
export const whenOver = (response: Response, free: () => Promise<void>, onFailed: (error: unknown) => void): void => {
  let isFree = false;
  const run = (): void => {
    if (!isFree) void free().catch(onFailed);
    isFree = true;
  };
  whenAnswered(response, run);
  onceClosed(response, run);
};
