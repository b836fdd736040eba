import { PassThrough } from 'node:stream';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it, jest } from '@jest/globals';
import { openLiveTail } from './liveTail.js';

/** A tail after position 0 whose subscription is a stream of this test. */
const tailOf = () => {
  const stream = new PassThrough({ objectMode: true });
  const close = jest.fn(async () => undefined);
  const onEnd = jest.fn();
  const client = { subscribeToAll: () => stream } as unknown as EventStoreDBClient;
  const address = { credentials: { username: '-', password: '-' }, open: () => ({ client, close }) };
  const tail = openLiveTail({ address, head: async () => 0n, stallCheckMs: 60_000 }, 0n, onEnd);
  stream.emit('confirmation');
  const send = (...positions: number[]) => {
    for (const position of positions) stream.write({ event: { position: { commit: BigInt(position) } } });
  };
  return { tail, stream, send, close, onEnd };
};

const positions = (events: unknown) => (events as { position: bigint }[]).map(({ position }) => Number(position));

describe('the live end of a log', () => {
  it('gives every reader the events after its own position', async () => {
    const { tail, send } = tailOf();
    const [first, second] = [tail.join(), tail.join()];
    const waiting = first.after(1n);
    send(1, 2);
    expect(positions(await waiting)).toEqual([2]);
    expect(positions(await second.after(0n))).toEqual([1, 2]);
    await Promise.all([first.leave(), second.leave()]);
  });

  it('sends a reader that is too far behind back to the log, and goes on for the others', async () => {
    const { tail, send } = tailOf();
    const [fast, slow] = [tail.join(), tail.join()];
    let last = 0;
    for (let position = 1; position <= 2_000; position++) send(position);
    while (last < 2_000) last = positions(await fast.after(BigInt(last))).at(-1) ?? last;
    expect(await slow.after(1n)).toBe('behind');
    await Promise.all([fast.leave(), slow.leave()]);
  });

  it('ends with its last reader', async () => {
    const { tail, stream, close, onEnd } = tailOf();
    const [first, second] = [tail.join(), tail.join()];
    const waiting = first.after(0n);
    await first.leave();
    expect(await waiting).toBe('ended');
    expect(onEnd).not.toHaveBeenCalled();
    await second.leave();
    await second.leave();
    expect([onEnd.mock.calls.length, close.mock.calls.length, stream.destroyed]).toEqual([1, 1, true]);
  });

  it('ends all readers with the cause, after the events before it', async () => {
    const { tail, stream, send } = tailOf();
    const [first, second] = [tail.join(), tail.join()];
    send(1);
    expect(positions(await first.after(0n))).toEqual([1]);
    const failure = new Error('lost');
    stream.emit('error', failure);
    expect(await first.after(1n)).toBe('ended');
    expect(positions(await second.after(0n))).toEqual([1]);
    expect(await second.after(1n)).toBe('ended');
    expect(second.endCause()).toEqual({ reason: 'error', error: failure });
    await Promise.all([first.leave(), second.leave()]);
  });

  it('ends when an event has no position', async () => {
    const { tail, stream } = tailOf();
    const reader = tail.join();
    stream.write({ event: {} });
    expect(await reader.after(0n)).toBe('ended');
    expect(reader.endCause()).toMatchObject({ reason: 'error', error: expect.any(TypeError) });
    await reader.leave();
  });

  it('F-12 gives an event that comes after a newer one to every reader, once', async () => {
    const { tail, send } = tailOf();
    const [fast, slow] = [tail.join(), tail.join()];
    send(1, 3);
    expect(positions(await slow.after(0n))).toEqual([1]);
    expect(positions(await fast.after(1n))).toEqual([3]);
    const waiting = fast.after(3n);
    send(2, 4);
    expect(positions(await waiting)).toEqual([2]);
    expect(positions(await fast.after(3n))).toEqual([4]);
    expect(positions(await slow.after(1n))).toEqual([2, 3, 4]);
    await Promise.all([fast.leave(), slow.leave()]);
  });
});
