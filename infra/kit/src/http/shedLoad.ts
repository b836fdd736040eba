import type { RequestHandler } from 'express';
import { Refused } from '../refused.js';
import { noteWait } from '../wait.js';

const INTERVAL_MS = 100;
const MAX_DELAY_MS = 1_000;
const LIMIT = `more than ${MAX_DELAY_MS} ms late`;

let delayMs = 0;
let due = 0;
let timer: NodeJS.Timeout | undefined;

const measure = (): void => {
  delayMs = Math.max(0, performance.now() - due);
  due = performance.now() + INTERVAL_MS;
};

/**
 * How many milliseconds late the last timer of the event loop fired. The first call starts the measuring timer, which
 * does not keep the process alive.
 */
export const eventLoopDelayMs = (): number => {
  if (timer === undefined) {
    due = performance.now() + INTERVAL_MS;
    timer = setInterval(measure, INTERVAL_MS).unref();
  }
  return delayMs;
};

/** Refuses requests as `busy` while the event loop is more than a second late (F-36). */
export const shedLoad =
  (currentDelayMs: () => number = eventLoopDelayMs): RequestHandler =>
  (_request, _response, next) => {
    const waitedMs = currentDelayMs();
    if (waitedMs > MAX_DELAY_MS)
      throw noteWait(new Refused('busy'), { dependency: 'event loop', limit: LIMIT, waitedMs });
    next();
  };
