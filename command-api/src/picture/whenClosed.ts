import type { Response } from 'express';

/**
 * Frees something once the response is closed; at once if its client has disconnected already.
 *
 * @param onFailed gets the error of `free`: no request is left that it could be thrown to.
 */
export const whenClosed = (
  response: Pick<Response, 'closed' | 'destroyed' | 'once'>,
  free: () => Promise<void>,
  onFailed: (error: unknown) => void,
): void => {
  const run = (): void => void free().catch(onFailed);
  // A pipelined response is never `closed` before it has its turn.
  if (response.closed || response.destroyed) run();
  else response.once('close', run);
};
