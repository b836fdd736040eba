import { randomUUID } from 'node:crypto';
import {
  type AppendExpectedRevision,
  BACKWARDS,
  END,
  NO_STREAM,
  type ReadStreamOptions,
  STREAM_EXISTS,
  type StreamMetadata,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventLogClient } from '../../../test/eventLogClient.js';
import { testDatabase } from '../../../test/postgres.js';
import { type EventStore, startEventStore } from '../startEventStore.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: EventStore;
let eventLog: ReturnType<typeof eventLogClient>;
let stream: string;

const start = async () => {
  store = await startEventStore({ databaseUrl: database.url });
  eventLog = eventLogClient(store.url);
};
const stop = async () => {
  await eventLog.dispose();
  await store.close();
};
/** A restarted server knows only what the database holds. */
const restart = async () => {
  await stop();
  await start();
};

beforeAll(async () => {
  database = await testDatabase('log');
  await start();
});
beforeEach(() => {
  stream = `s-${randomUUID()}`;
});
afterAll(async () => {
  await stop();
  await database.drop();
});

const append = (expected: AppendExpectedRevision, count = 1) =>
  eventLog.append(
    stream,
    expected,
    Array.from({ length: count }, () => ({})),
  );
const revisions = async (direction?: typeof BACKWARDS) => {
  const found: bigint[] = [];
  const options: ReadStreamOptions = direction ? { direction, fromRevision: END } : {};
  for await (const { event } of eventLog.client.readStream(stream, options)) if (event) found.push(event.revision);
  return found;
};
const metadata = async () => (await eventLog.client.getStreamMetadata(stream)).metadata as StreamMetadata | undefined;

describe('a soft-deleted stream', () => {
  it.each([false, true])('counts as missing, then continues (server restarted: %s)', async (restarts) => {
    await append(NO_STREAM, 3);
    await eventLog.client.deleteStream(stream, { expectedRevision: 2n });
    if (restarts) await restart();
    await expect(revisions()).rejects.toMatchObject({ type: 'stream-not-found' });
    await expect(append(STREAM_EXISTS)).rejects.toMatchObject({ type: 'stream-deleted', streamName: stream });
    expect((await append(NO_STREAM, 2)).nextExpectedRevision).toBe(4n);
    expect(await revisions()).toEqual([3n, 4n]);
    expect(await revisions(BACKWARDS)).toEqual([4n, 3n]);
    if (restarts) await restart();
    expect((await append(4n)).nextExpectedRevision).toBe(5n);
    expect(await revisions()).toEqual([3n, 4n, 5n]);
  });

  it('is deleted and continued any number of times', async () => {
    await append(NO_STREAM, 2);
    for (let round = 2n; round < 5n; round += 1n) {
      await eventLog.client.deleteStream(stream);
      expect((await append(NO_STREAM)).nextExpectedRevision).toBe(round);
      expect(await revisions()).toEqual([round]);
    }
  });

  it('is shown again with the metadata that is set', async () => {
    await append(NO_STREAM, 2);
    await eventLog.client.deleteStream(stream);
    await eventLog.client.setStreamMetadata(stream, { maxCount: 5, custom: 'x' });
    expect(await metadata()).toEqual({ maxCount: 5, custom: 'x', truncateBefore: 2 });
    expect(await revisions()).toEqual([]);
    await append(1n);
    expect(await revisions()).toEqual([2n]);
  });

  it('F-02 knows the events from before its deletion', async () => {
    const events = [{ id: randomUUID() }, { id: randomUUID() }];
    const first = await eventLog.append(stream, NO_STREAM, events);
    await eventLog.client.deleteStream(stream);
    expect(await eventLog.append(stream, NO_STREAM, events)).toEqual(first);
    await expect(revisions()).rejects.toMatchObject({ type: 'stream-not-found' });
  });
});

describe('a tombstoned stream', () => {
  it.each([false, true])('refuses everything for ever (server restarted: %s)', async (restarts) => {
    await append(NO_STREAM, 2);
    await eventLog.client.tombstoneStream(stream, { expectedRevision: 1n });
    if (restarts) await restart();
    const gone = { type: 'stream-deleted', code: status.FAILED_PRECONDITION };
    await expect(append(NO_STREAM)).rejects.toMatchObject(gone);
    await expect(revisions()).rejects.toMatchObject(gone);
    await expect(revisions(BACKWARDS)).rejects.toMatchObject(gone);
    await expect(metadata()).rejects.toMatchObject({ ...gone, streamName: `$$${stream}` });
    await expect(eventLog.client.deleteStream(stream)).rejects.toMatchObject(gone);
    await expect(eventLog.client.tombstoneStream(stream)).rejects.toMatchObject(gone);
    expect((await eventLog.all()).filter((event) => event.stream === stream)).toHaveLength(3);
  });

  it('may have a name that headers cannot contain', async () => {
    stream = `ünï 😀 ${stream}`;
    await eventLog.client.tombstoneStream(stream);
    const gone = { type: 'stream-deleted', streamName: encodeURIComponent(stream) };
    await expect(revisions()).rejects.toMatchObject(gone);
    await expect(append(NO_STREAM)).rejects.toMatchObject(gone);
  });
});

describe('deleting', () => {
  it('a metadata stream is refused', async () => {
    const refused = { code: status.INVALID_ARGUMENT };
    await expect(eventLog.client.deleteStream(`$$${stream}`)).rejects.toMatchObject(refused);
    await expect(eventLog.client.tombstoneStream(`$$${stream}`)).rejects.toMatchObject(refused);
  });

  it('a stream without a name is refused as an append to it', async () => {
    await expect(eventLog.client.deleteStream('')).rejects.toMatchObject({ code: status.UNKNOWN });
  });

  it('and appending at once leaves a stream without gaps', async () => {
    await append(NO_STREAM);
    const calls = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 3 ? eventLog.client.deleteStream(stream) : append('any'),
    );
    await Promise.all(calls);
    await append('any');
    const shown = await revisions();
    expect(shown).toEqual(Array.from(shown, (_, index) => 32n - BigInt(shown.length) + BigInt(index)));
  });
});
