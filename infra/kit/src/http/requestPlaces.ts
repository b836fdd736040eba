import type { Request, Response } from 'express';
import { holderPlaces, type PlaceBounds } from '../queue/holderPlaces.js';
import { responseOf } from './responseOf.js';
import { whenAnswered } from './whenAnswered.js';

/** Bounds the requests that each holder, such as a user, has under way in this process. */
export interface RequestPlaces {
  /**
   * Takes a place for a request until its answer is sent or, if it is sent as its reader takes it, until that begins.
   * @throws Refused `too-many-requests` (429) with Retry-After, when the holder has too many requests under way
   */
  enter(request: Request, holder: string): Promise<void>;
}

export const requestPlaces = (bounds: PlaceBounds): RequestPlaces => {
  const places = holderPlaces(bounds);
  return {
    enter: async (request, holder) => {
      const response = responseOf(request);
      const turn = places.enter(holder, () => closeOf(response));
      if (turn !== undefined) await turn;
      whenAnswered(response, () => places.leave(holder));
    },
  };
};

/** Aborts when the client has left. */
const closeOf = (response: Response): AbortSignal => {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  return closed.signal;
};
