import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../../test/sampleEvents.js';
import type { EventPages } from '../storage/eventPages.js';
import { createTail } from '../tail.js';
import { unavailable } from '../wire/statusError.js';
import { type ReadCall, respond } from './responder.js';
import { subscribeToAll } from './subscribeToAll.js';

const neverStopping = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));
const frame = Buffer.from('frame');

/** A read call whose client takes frames only when `drain` is called. */
const slowCall = () => {
  const taken: Buffer[] = [];
  let take: (() => void) | undefined;
  const call = new Writable({
    objectMode: true,
    write: (frame: Buffer, _encoding, done) => {
      take = () => {
        taken.push(frame);
        done();
      };
    },
  });
  return {
    call: call as unknown as ReadCall,
    taken,
    /** Takes frames until there are no more. */
    drain: async () => {
      for (let next = take; next; next = take) {
        take = undefined;
        next();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
};

/** An event log of `length` events that counts the pages read. */
const longEventLog = (length: number) => {
  const tail = createTail();
  tail.reset(BigInt(length));
  let read = 0;
  const pages = {
    all: async (_direction: string, from: bigint) => {
      read += 1;
      return {
        events: Array.from({ length: 100 }, (_, index) => storedEvent(from + BigInt(index) + 1n)),
        last: false,
      };
    },
  } as unknown as EventPages;
  return { eventLog: { tail, pages }, pagesRead: () => read };
};

describe('responses to a read', () => {
  it('F-16b R-07 wait for a slow reader: only one page is read for it', async () => {
    const { call, taken, drain } = slowCall();
    const { eventLog, pagesRead } = longEventLog(1000);
    const request = { kind: 'all subscription', from: 'start', filter: undefined, uuid: 'string' } as const;
    const done = respond(call, neverStopping, (responder) => subscribeToAll(eventLog, request, responder));
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
    const { call, drain, taken } = slowCall();
    await respond(call, neverStopping, async ({ send }) => {
      await send(frame);
    });
    await drain();
    expect(taken).toEqual([frame]);
    expect(call.writableFinished).toBe(true);
  });

  it('stop when the client disconnects, even while they wait for it', async () => {
    const { call } = slowCall();
    const done = respond(call, neverStopping, async ({ send }) => {
      for (;;) await send(frame);
    });
    await turn();
    call.emit('cancelled');
    await done;
    expect(call.writableEnded).toBe(false);
  });

  it('end with the status of a server that stops', async () => {
    const { call } = slowCall();
    const stopping = new AbortController();
    const failed = once(call, 'error');
    const done = respond(call, stopping.signal, ({ endSignal }) => createTail().waitBeyond(0n, endSignal()));
    stopping.abort(unavailable('stopping'));
    await done;
    expect(await failed).toMatchObject([{ code: 14, details: 'stopping' }]);
  });

  it('end a wait at once that begins after the client has disconnected', async () => {
    const { call } = slowCall();
    await respond(call, neverStopping, async ({ endSignal }) => {
      call.emit('cancelled');
      await createTail().waitBeyond(0n, endSignal());
    });
    expect(call.writableEnded).toBe(false);
  });

  it('F-03 do not reveal the message of an internal error', async () => {
    const { call } = slowCall();
    const failed = once(call, 'error');
    await respond(call, neverStopping, () => Promise.reject(new Error('a secret')));
    expect(await failed).toMatchObject([{ code: 2, details: 'Exception was thrown by handler.' }]);
  });
});
