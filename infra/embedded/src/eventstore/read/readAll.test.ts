import { describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../../test/sampleEvents.js';
import type { Direction, EventPages } from '../storage/eventPages.js';
import { createTail } from '../tail.js';
import type { AllRead } from './parseReadRequest.js';
import { readAll } from './readAll.js';
import type { Responder } from './responder.js';

/** The limits of the pages that one read asks for. */
const limitsOf = async (request: Pick<AllRead, 'count' | 'direction' | 'from' | 'filter'>): Promise<number[]> => {
  const limits: number[] = [];
  const all: EventPages['all'] = async (_direction: Direction, from, limit) => {
    limits.push(limit);
    const events = Array.from({ length: limit }, (_, index) => storedEvent(from + BigInt(index + 1)));
    return { events, last: false };
  };
  const eventLog = { pages: { all } as unknown as EventPages, tail: createTail() };
  await readAll(eventLog, { ...request, uuid: 'string' } as AllRead, { send: () => undefined } as unknown as Responder);
  return limits;
};

describe('readAll', () => {
  it('takes from the database as many events as it sends', async () => {
    expect(await limitsOf({ count: 1n, direction: 'backwards', from: 'end', filter: undefined })).toEqual([1]);
    expect(await limitsOf({ count: 7n, direction: 'forwards', from: 'start', filter: undefined })).toEqual([7]);
    expect(await limitsOf({ count: 1_200n, direction: 'forwards', from: 'start', filter: undefined })).toEqual([
      500, 500, 200,
    ]);
  });

  it('takes whole pages when a filter may drop events', async () => {
    expect(await limitsOf({ count: 2n, direction: 'forwards', from: 'start', filter: () => true })).toEqual([500]);
  });
});
