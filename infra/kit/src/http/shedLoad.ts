import type { RequestHandler } from 'express';
import { Refused } from '../refused.js';
import { eventLoopDelayMs } from './eventLoopDelay.js';

const TOO_LATE_MS = 1_000;

/** Refuses work while the event loop is more than a second late (F-36): answers would come too late for anyone waiting. */
export const shedLoad =
  (delayMs: () => number = eventLoopDelayMs): RequestHandler =>
  (_request, _response, next) => {
    if (delayMs() > TOO_LATE_MS) throw new Refused('busy');
    next();
  };
