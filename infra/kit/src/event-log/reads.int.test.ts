import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { silentLog } from '@ums/kit/log';
import { waitOf } from '@ums/kit/wait';
import { type FaultProxy, startFaultProxy } from '../../test/faultProxy.js';
import { startLogServer } from '../../test/logServer.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { anEvent, aStream } from '../../test/sampleEvents.js';
import { until } from '../../test/until.js';
import { type ConnectedEventLog, connectEventLog } from './connectEventLog.js';
import { ANY, LogUnavailable, NO_STREAM, StreamDeleted } from './eventLog.js';

describe('reads of the event log', () => {
  let server: Awaited<ReturnType<typeof startLogServer>>;
  let proxy: FaultProxy;
  /** Gives up soon. A busy machine may take longer for an answer. */
  let impatient: ConnectedEventLog;
  let eventLog: ConnectedEventLog;

  const connect = (readSilenceMs: number) =>
    connectEventLog({
      url: `esdb://127.0.0.1:${proxy.port}?tls=false&keepAliveTimeout=12000`,
      log: silentLog,
      readSilenceMs,
      appendDeadlineMs: PATIENT_MS,
    });

  beforeAll(async () => {
    server = await startLogServer();
    proxy = await startFaultProxy(server.port);
    impatient = connect(400);
    eventLog = connect(PATIENT_MS);
  });
  afterEach(() => proxy.set('pass'));
  afterAll(async () => {
    await Promise.all([impatient.close(), eventLog.close()]);
    await proxy.close();
    await server.close();
  });

  const allReads = (stream: string) => [
    () => impatient.readStream(stream),
    () => impatient.readPart(stream, { limit: 10 }),
    () => impatient.readAll(undefined, 10),
    () => impatient.readAt(1n),
    () => impatient.head(),
    () => impatient.ready(),
  ];
  const untilReady = () =>
    until(() =>
      impatient.ready().then(
        () => true,
        () => false,
      ),
    );

  it.each(['refuse', 'hang'] as const)(
    'F-03 fail while the log is in mode %s, and work once it is back',
    async (mode) => {
      const stream = aStream();
      await eventLog.append(stream, [anEvent()], NO_STREAM);
      await proxy.set(mode);
      for (const read of allReads(stream)) await expect(read()).rejects.toBeInstanceOf(LogUnavailable);
      proxy.resetConnections();
      await proxy.set('pass');
      await untilReady();
      await until(async () => (await impatient.readStream(stream).catch(() => [])).length === 1);
    },
  );

  it('find nothing in a stream that an operator has deleted for good, to which nothing is appended any more', async () => {
    const stream = aStream();
    await eventLog.append(stream, [anEvent(), anEvent()], NO_STREAM);
    const client = EventStoreDBClient.connectionString(server.url);
    await client.tombstoneStream(stream);
    await client.dispose();
    expect(await eventLog.readStream(stream)).toEqual([]);
    expect(await eventLog.readPart(stream, { from: 1n, limit: Number(2n ** 63n) })).toEqual([]);
    expect(await eventLog.readPart(stream, { limit: 2, isBackwards: true })).toEqual([]);
    await expect(eventLog.append(stream, [anEvent()], ANY)).rejects.toThrow(StreamDeleted);
  });

  it('F-03 are tried again within their time limit when the connection is lost, and never return a partial result', async () => {
    const stream = aStream();
    await eventLog.append(stream, [anEvent('Noted', { text: 'x'.repeat(200_000) }), anEvent()], NO_STREAM);
    for (const mode of ['reset-mid-reply', 'drop-reply'] as const) {
      await proxy.set(mode);
      expect(await eventLog.readStream(stream)).toHaveLength(2);
    }
    await proxy.set('swallow-reply');
    await expect(impatient.readStream(stream)).rejects.toBeInstanceOf(LogUnavailable);
    await until(async () => (await impatient.readStream(stream).catch(() => [])).length === 2);
  });

  it('F-03 say which limit ended them and how long they waited', async () => {
    for (const [mode, limit] of [
      ['refuse', 'not answered within 400 ms'],
      ['hang', 'nothing received for 400 ms'],
    ] as const) {
      await untilReady();
      await proxy.set(mode);
      const wait = waitOf(await impatient.head().catch((error: unknown) => error));
      expect(wait).toEqual({ dependency: 'event log', limit, waitedMs: expect.any(Number) });
      proxy.resetConnections();
      await proxy.set('pass');
    }
  });

  it('F-03 send no reset for a stream that does not exist, and one for a read that timed out', async () => {
    await untilReady();
    const before = proxy.resets;
    const read = Array.from({ length: 100 }, () => eventLog.readStream(aStream()));
    expect((await Promise.all(read)).flat()).toEqual([]);
    expect(proxy.resets - before).toBe(0);
    await proxy.set('swallow-reply');
    await expect(impatient.readStream(aStream())).rejects.toBeInstanceOf(LogUnavailable);
    await until(() => proxy.resets - before === 1);
  });

  it('may take longer than the time limit while events arrive', async () => {
    const stream = aStream();
    for (let batch = 0; batch < 4; batch++) {
      const events = Array.from({ length: 500 }, () => anEvent());
      await eventLog.append(stream, events, batch === 0 ? NO_STREAM : BigInt(500 * batch - 1));
    }
    let read: RecordedEvent[] = [];
    await until(async () => {
      read = await impatient.readStream(stream).catch(() => []);
      return read.length > 0;
    });
    expect(read.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 2_000 }, (_, revision) => BigInt(revision)),
    );
    expect(await eventLog.readAll(undefined, 0)).toEqual([]);
  });

  it('use a connection separate from appends and from each follower', async () => {
    const before = proxy.connections;
    const other = connect(PATIENT_MS);
    const stop = new AbortController();
    const { position } = await other.append(aStream(), [anEvent()], NO_STREAM);
    const next = await other.append(aStream(), [anEvent()], NO_STREAM);
    expect(await other.head()).toBe(next.position);
    for (const follower of [other.follow(position, stop), other.follow(position, stop)])
      expect((await follower.next()).value).toMatchObject({ position: next.position });
    stop.abort();
    expect(proxy.connections - before).toBe(4);
    await other.close();
  });
});
