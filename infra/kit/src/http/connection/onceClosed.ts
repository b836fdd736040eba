import type { Response } from 'express';

/**
 * Calls back once when a response closes: at its end, or when its client disconnects. At once if it is closed already, as no `close`
 * comes any more.
 * @returns what stops it
 */
export const onceClosed = (
  response: Pick<Response, 'closed' | 'destroyed' | 'once' | 'off'>,
  onClosed: () => void,
): (() => void) => {
  if (response.closed || response.destroyed) onClosed();
  else response.once('close', onClosed);
  return () => void response.off('close', onClosed);
};
