import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { readCall } from '../../../test/readCall.js';
import { recordedEvent } from '../../../test/sampleEvents.js';
import type { EventPages } from '../storage/eventPages.js';
import { createTail } from '../tail.js';
import { unavailable } from '../wire/statusError.js';
import { respond } from './responder.js';
import { subscribeToAll } from './subscribeToAll.js';

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));
const frame = Buffer.from('frame');

/** A log of many pages that counts how many of them were read. */
const longLog = (length: number) => {
  const tail = createTail();
  tail.reset(BigInt(length));
  let read = 0;
  const pages = {
    all: async (_direction: string, from: bigint) => {
      read += 1;
      return {
        events: Array.from({ length: 100 }, (_, index) => recordedEvent(from + BigInt(index) + 1n)),
        last: false,
      };
    },
  } as unknown as EventPages;
  return { log: { tail, pages }, pagesRead: () => read };
};

describe('answers to a read', () => {
  it('F-16b R-07 wait for a slow reader: one page is held for it and no more is read', async () => {
    const { call, taken, drain } = readCall();
    const { log, pagesRead } = longLog(1000);
    const request = { kind: 'all subscription', from: 'start', filter: undefined, uuid: 'string' } as const;
    const done = respond(call, never, (responder) => subscribeToAll(log, request, responder));
    while (!call.writableNeedDrain) await turn();
    for (let idle = 0; idle < 20; idle += 1) await turn();
    expect(pagesRead()).toBe(1);
    expect(call.writableLength).toBeLessThan(32);
    await drain();
    expect(pagesRead()).toBe(10);
    expect(taken).toHaveLength(1 + 1000 + 1);
    call.emit('cancelled');
    await done;
  });

  it('end with the call', async () => {
    const { call, drain, taken } = readCall();
    await respond(call, never, async ({ send }) => {
      await send(frame);
    });
    await drain();
    expect(taken).toEqual([frame]);
    expect(call.writableFinished).toBe(true);
  });

  it('stop when the client goes, even while it is waited for', async () => {
    const { call } = readCall();
    const done = respond(call, never, async ({ send }) => {
      for (;;) await send(frame);
    });
    await turn();
    call.emit('cancelled');
    await done;
    expect(call.writableEnded).toBe(false);
  });

  it('end with the reason when the server stops', async () => {
    const { call } = readCall();
    const stopping = new AbortController();
    const failed = once(call, 'error');
    const done = respond(call, stopping.signal, ({ endSignal }) => createTail().beyond(0n, endSignal()));
    stopping.abort(unavailable('stopping'));
    await done;
    expect(await failed).toMatchObject([{ code: 14, details: 'stopping' }]);
  });

  it('end a wait at once that begins after the client has gone', async () => {
    const { call } = readCall();
    await respond(call, never, async ({ endSignal }) => {
      call.emit('cancelled');
      await createTail().beyond(0n, endSignal());
    });
    expect(call.writableEnded).toBe(false);
  });

  it('F-03 tell nothing of a fault of their own', async () => {
    const { call } = readCall();
    const failed = once(call, 'error');
    await respond(call, never, () => Promise.reject(new Error('a secret')));
    expect(await failed).toMatchObject([{ code: 2, details: 'Exception was thrown by handler.' }]);
  });
});
