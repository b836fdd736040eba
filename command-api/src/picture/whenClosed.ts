import { onceClosed } from '@ums/kit/http/onceClosed';
import type { Response } from 'express';

/**
 * Frees something once the response is closed; at once if its client has disconnected already.
 *
 * @param onFailed gets the error of `free`: no request is left that it could be thrown to.
 */
export const whenClosed = (
  response: Pick<Response, 'closed' | 'destroyed' | 'once' | 'off'>,
  free: () => Promise<void>,
  onFailed: (error: unknown) => void,
): void => void onceClosed(response, () => void free().catch(onFailed));
