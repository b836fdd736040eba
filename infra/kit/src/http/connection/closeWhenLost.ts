import type { Response } from 'express';
import { breakOff } from './breakOff.js';

/**
 * Closes the connection of a response when its slot is lost: the reader learns so that the answer is incomplete.
 *
 * @throws the reason of the loss, if the slot is lost already.
 */
export const closeWhenLost = (response: Response, lost: AbortSignal): void => {
  lost.throwIfAborted();
  lost.addEventListener('abort', () => breakOff(response), { once: true });
};
