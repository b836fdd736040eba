import type { RequestHandler } from 'express';
import { Refused } from '../../refused.js';
import { noteWait } from '../../wait.js';

const INTERVAL_MS = 100;
/** The timer stops when no request came for this long. */
const IDLE_MS = 10_000;
const MAX_DELAY_MS = 1_000;
const LIMIT = `more than ${MAX_DELAY_MS} ms late`;

let delayMs = 0;
let due = 0;
let askedAt = 0;
let timer: NodeJS.Timeout | undefined;

const measure = (): void => {
  delayMs = Math.max(0, performance.now() - due);
  due = performance.now() + INTERVAL_MS;
  // Requests may have waited during a long delay: they come next and must see it.
  if (delayMs > MAX_DELAY_MS || performance.now() - askedAt < IDLE_MS) return;
  clearInterval(timer);
  timer = undefined;
};

/**
 * How many milliseconds late the last timer of the event loop fired. A call starts the measuring timer, which stops after
 * some seconds without calls and does not keep the process alive.
 */
export const eventLoopDelayMs = (): number => {
  askedAt = performance.now();
  if (timer === undefined) {
    delayMs = 0;
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
