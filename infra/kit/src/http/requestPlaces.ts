import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { holderPlaces, longestWaitMs, type PlaceBounds } from '../queue/holderPlaces.js';
import { noteWait } from '../wait.js';
import { onceClosed } from './connection/onceClosed.js';
import { whenAnswered } from './connection/whenAnswered.js';
import { DEPENDENCY_DOWN } from './problem/refusalOf.js';
import { contextOf } from './request/requestContext.js';
import { responseOf } from './request/responseOf.js';

export interface RequestPlaceBounds extends PlaceBounds {
  /**
   * How long a request that was refused because of a limit keeps its place, in milliseconds. A client that is refused may send the
   * next request at once, which would cost as much. So a request that finds no room in the line is refused as late as the last in it,
   * and loses its connection. @default 0
   */
  pauseMs?: number;
  /**
   * How long after its client has left a request that is not answered keeps its place, in milliseconds. Its work has ended long
   * before, unless its handler has a defect: then the holder would be locked out for ever. @default 30 s
   */
  lostMs?: number;
}

/** Bounds the requests that each holder, such as a user, has under way in this process. */
export interface RequestPlaces {
  /**
   * Takes a place for a request until its answer is sent or, if it is sent as its reader takes it, until that begins.
   * @throws Refused `too-many-requests` (429) with Retry-After, when the holder has too many requests under way;
   * DependencyUnavailable, when a request of the holder was refused after a long time because a dependency is down
   */
  enter(request: Request, holder: string): Promise<void>;
}

/** A request that fails within this time was refused without waiting for its dependency. What waits may need another one. */
const SLOW_MS = 500;
const EARLIER_REQUEST = 'earlier request of the client';
const BUSY = 'busy';

const LOST_MS = 30_000;
const SMALL_BODY_BYTES = 4_096;

export const requestPlaces = ({ pauseMs = 0, lostMs = LOST_MS, ...bounds }: RequestPlaceBounds): RequestPlaces => {
  const places = holderPlaces(bounds);
  return {
    enter: async (request, holder) => {
      const response = responseOf(request);
      let turn: Promise<void> | undefined;
      try {
        turn = places.enter(holder, () => closeOf(response));
      } catch (error) {
        if (pauseMs > 0) await holdUp(request, response, longestWaitMs(bounds));
        throw error;
      }
      if (turn !== undefined) await turn;
      const startedAt = performance.now();
      let holds = true;
      const leave = (): void => {
        if (holds) places.leave(holder, hangOf(request, startedAt));
        holds = false;
      };
      const lose = (): void => void setTimeout(leave, lostMs).unref();
      // Watched only behind `whenAnswered`, which throws for an app that never tells of its answers.
      let stopWatching = (): void => undefined;
      whenAnswered(response, () => {
        stopWatching();
        const isOverLimit = response.statusCode === 429 || contextOf(request).refusal === BUSY;
        if (isOverLimit && pauseMs > 0) setTimeout(leave, pauseMs).unref();
        else leave();
      });
      stopWatching = onceClosed(response, lose);
    },
  };
};

/** Until the client has left, at the longest. Its next request, and those that it has sent already, need a new connection. */
const holdUp = async (request: Request, response: Response, ms: number): Promise<void> => {
  // Any number may be held up. The page of a form shows what it was sent, which is little.
  if (!(Number(request.get('content-length')) <= SMALL_BODY_BYTES)) request.body = undefined;
  response.set('Connection', 'close');
  await sleep(ms, undefined, { signal: closeOf(response), ref: false }).catch(() => undefined);
};

/**
 * The failure of all that waits behind a request whose dependency did not answer: that would wait as long once more, and be answered
 * too late (F-03).
 */
const hangOf = (request: Request, startedAt: number): Error | undefined => {
  const { refusal, waitedMs = performance.now() - startedAt } = contextOf(request);
  if (refusal !== DEPENDENCY_DOWN) return undefined;
  if (waitedMs < SLOW_MS) return undefined;
  const failure = new DependencyUnavailable(EARLIER_REQUEST);
  return noteWait(failure, { dependency: EARLIER_REQUEST, limit: 'its dependency did not answer', waitedMs });
};

/** Made once: without a reason, each abort makes an error with the stack, and every request that has waited comes to this. */
const CLIENT_LEFT = new Error('the client has left, or has its answer');

/** Aborts when the response has closed. */
const closeOf = (response: Response): AbortSignal => {
  const closed = new AbortController();
  onceClosed(response, () => closed.abort(CLIENT_LEFT));
  return closed.signal;
};
