import { type RequestPlaces, requestPlaces } from '@ums/kit/http/requestPlaces';

/** As many as a browser has connections over HTTP/1.1. */
const RUNNING = 6;
/** Waiting costs a process less than refusing, and more only the memory of the bodies: at most 64 kB each. */
const WAITING = 200;
/** The last of a full line then wait for seven seconds, which is less than a process that ends waits. */
const REFUSED_PER_SECOND = 30;
/** As long as a request of a user waits for its place. */
const WAIT_MS = 3_000;
/** Two refusals a second for each place cost little, however fast a source repeats. */
const PAUSE_MS = 500;

/**
 * The requests that each source has under way on each anonymous route of an API process. Without it, one source with thirty
 * connections slows the log-ins of all others: within its limits by the work that it causes, and beyond them by the refusals.
 */
export const sourcePlaces = (): RequestPlaces =>
  requestPlaces({
    ...{ running: RUNNING, waiting: WAITING, waitMs: WAIT_MS },
    ...{ pauseMs: PAUSE_MS, refusedPerSecond: REFUSED_PER_SECOND },
  });
