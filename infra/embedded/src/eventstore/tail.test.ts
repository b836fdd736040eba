import { describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../test/sampleEvents.js';
import { createTail } from './tail.js';

const events = (...positions: bigint[]) => positions.map((position) => storedEvent(position));
const positions = (found: ReturnType<ReturnType<typeof createTail>['after']>) => found?.map(({ position }) => position);

describe('the tail of the log', () => {
  it('returns the events committed after a position', () => {
    const tail = createTail();
    tail.push(events(100n, 200n));
    tail.push(events(300n));
    expect(tail.head()).toBe(300n);
    expect(positions(tail.after(0n))).toEqual([100n, 200n, 300n]);
    expect(positions(tail.after(150n))).toEqual([200n, 300n]);
    expect(positions(tail.after(300n))).toEqual([]);
    expect(positions(tail.after(999n))).toEqual([]);
  });

  it('R-07 returns a limited chunk at a time', () => {
    const tail = createTail();
    for (let position = 1n; position <= 100n; position += 1n) tail.push(events(position));
    expect(tail.after(0n)).toHaveLength(64);
    expect(positions(tail.after(90n))).toHaveLength(10);
    tail.push([200n, 300n, 400n].map((position) => storedEvent(position, { data: Buffer.alloc(400_000) })));
    expect(positions(tail.after(100n))).toEqual([200n, 300n]);
  });

  it('R-07 keeps a limited number of events and returns undefined for older positions', () => {
    const tail = createTail({ events: 2, bytes: 1_000_000 });
    tail.push(events(100n, 200n, 300n));
    expect(tail.after(99n)).toBeUndefined();
    expect(positions(tail.after(100n))).toEqual([200n, 300n]);
  });

  it('R-07 keeps a limited number of bytes', () => {
    const tail = createTail({ events: 100, bytes: 50_000 });
    for (let position = 1n; position <= 5n; position += 1n)
      tail.push([storedEvent(position, { data: Buffer.alloc(10_000) })]);
    expect(positions(tail.after(3n))).toEqual([4n, 5n]);
    expect(tail.after(2n)).toBeUndefined();
  });

  it('R-07 keeps the bytes of an event, not the request they are a slice of', () => {
    const request = Buffer.alloc(65_536, 1);
    const tail = createTail();
    const [stream, type, metadata, data] = [4, 3, 2, 10].map((size) => request.subarray(0, size)) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    tail.push([storedEvent(100n, { stream, type, metadata, data })]);
    const [kept] = tail.after(0n) ?? [];
    expect(kept).toMatchObject({ stream, type, metadata, data });
    const held = [kept?.stream, kept?.type, kept?.metadata, kept?.data].map((bytes) => bytes?.buffer.byteLength);
    expect(held).toEqual([4, 3, 2, 10]);
  });

  it('stays correct after many more events than it keeps', () => {
    const tail = createTail({ events: 10, bytes: 1_000_000 });
    for (let position = 1n; position <= 3000n; position += 1n) tail.push(events(position));
    expect(positions(tail.after(2997n))).toEqual([2998n, 2999n, 3000n]);
    expect(tail.after(2989n)).toBeUndefined();
  });

  it('wakes a waiting reader at the commit, and rejects when the signal aborts', async () => {
    const tail = createTail();
    const stop = new AbortController();
    const woken = tail.waitBeyond(0n, stop.signal);
    tail.push(events(100n));
    await woken;
    const stopped = tail.waitBeyond(100n, stop.signal);
    stop.abort();
    await expect(stopped).rejects.toThrow();
  });

  it('wakes readers after a reset and returns undefined for older positions', async () => {
    const tail = createTail();
    tail.push(events(100n));
    const woken = tail.waitBeyond(100n, new AbortController().signal);
    tail.reset(300n);
    await woken;
    expect(tail.after(100n)).toBeUndefined();
    expect(positions(tail.after(300n))).toEqual([]);
  });
});
