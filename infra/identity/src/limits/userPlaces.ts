import { type RequestPlaces, requestPlaces } from '@ums/kit/http/requestPlaces';

/** As many as a browser has connections over HTTP/1.1, and fewer than the ten of a pool, so that one user never holds all of them. */
const RUNNING = 6;
/**
 * Far more than a page or a tool sends at once. Waiting costs a process less than refusing: who is refused sends the next request
 * at once.
 */
const WAITING = 1_000;
/**
 * At its shortest, 2.5 s: as long as a request whose dependency does not answer. What waits behind it then gets the same 503, and not
 * 429.
 */
const WAIT_MS = 3_000;

/**
 * The requests that each user has under way in an API process. They count before the first statement, revocation included, so one
 * access token, however many connections use it, cannot take the connections to the databases from the other users.
 */
export const userPlaces = (): RequestPlaces => requestPlaces({ running: RUNNING, waiting: WAITING, waitMs: WAIT_MS });
