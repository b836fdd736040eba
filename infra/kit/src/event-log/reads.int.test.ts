import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { waitOf } from '@ums/kit/wait';
import { type FaultProxy, startFaultProxy } from '../../test/faultProxy.js';
import { startLogServer } from '../../test/logServer.js';
import { anEvent, aStream } from '../../test/sampleEvents.js';
import { until } from '../../test/until.js';
import { type ConnectedEventLog, connectEventLog } from './connectEventLog.js';
import { ANY, LogUnavailable, NO_STREAM, StreamDeleted } from './eventLog.js';

describe('reads of the event log', () => {
  let server: Awaited<ReturnType<typeof startLogServer>>;
  let proxy: FaultProxy;
  let eventLog: ConnectedEventLog;

  const connect = (readSilenceMs: number) =>
    connectEventLog({
      url: `esdb://127.0.0.1:${proxy.port}?tls=false&keepAliveTimeout=12000`,
      log: silentLog,
      readSilenceMs,
      appendDeadlineMs: 10_000,
    });

  beforeAll(async () => {
    server = await startLogServer();
    proxy = await startFaultProxy(server.port);
    eventLog = connect(400);
  });
  afterEach(() => proxy.set('pass'));
  afterAll(async () => {
    await eventLog.close();
    await proxy.close();
    await server.close();
  });

  const allReads = (stream: string) => [
    () => eventLog.readStream(stream),
    () => eventLog.readPart(stream, { limit: 10 }),
    () => eventLog.readAll(undefined, 10),
    () => eventLog.readAt(1n),
    () => eventLog.head(),
    () => eventLog.ready(),
  ];

  it.each(['refuse', 'hang'] as const)(
    'F-03 fail while the log is in mode %s, and work once it is back',
    async (mode) => {
      const stream = aStream();
      await eventLog.append(stream, [anEvent()], NO_STREAM);
      await proxy.set(mode);
      for (const read of allReads(stream)) await expect(read()).rejects.toBeInstanceOf(LogUnavailable);
      proxy.resetConnections();
      await proxy.set('pass');
      expect(await eventLog.readStream(stream)).toHaveLength(1);
      await expect(eventLog.ready()).resolves.toBeUndefined();
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
    // A long limit: on a busy machine a new connection and a reply of 200 kB may take longer than that of the other tests.
    const patient = connect(10_000);
    for (const mode of ['reset-mid-reply', 'drop-reply'] as const) {
      await proxy.set(mode);
      expect(await patient.readStream(stream)).toHaveLength(2);
    }
    await patient.close();
    await proxy.set('swallow-reply');
    await expect(eventLog.readStream(stream)).rejects.toBeInstanceOf(LogUnavailable);
    await until(async () => (await eventLog.readStream(stream).catch(() => [])).length === 2);
  });

  it('F-03 say which limit ended them and how long they waited', async () => {
    for (const [mode, limit] of [
      ['refuse', 'not answered within 400 ms'],
      ['hang', 'nothing received for 400 ms'],
    ] as const) {
      await proxy.set(mode);
      const wait = waitOf(await eventLog.head().catch((error: unknown) => error));
      expect(wait).toEqual({ dependency: 'event log', limit, waitedMs: expect.any(Number) });
      proxy.resetConnections();
      await proxy.set('pass');
      await eventLog.ready();
    }
  });

  it('F-03 send no reset for a stream that does not exist, and one for a read that timed out', async () => {
    const before = proxy.resets;
    const url = `esdb://127.0.0.1:${proxy.port}?tls=false`;
    const patient = connectEventLog({ url, log: silentLog, readSilenceMs: 20_000 });
    const read = Array.from({ length: 100 }, () => patient.readStream(aStream()));
    expect((await Promise.all(read)).flat()).toEqual([]);
    expect(proxy.resets - before).toBe(0);
    await proxy.set('swallow-reply');
    await expect(eventLog.readStream(aStream())).rejects.toBeInstanceOf(LogUnavailable);
    await until(() => proxy.resets - before === 1);
    await patient.close();
  });

  it('may take longer than the time limit while events arrive', async () => {
    const stream = aStream();
    for (let batch = 0; batch < 4; batch++) {
      const events = Array.from({ length: 500 }, () => anEvent());
      await eventLog.append(stream, events, batch === 0 ? NO_STREAM : BigInt(500 * batch - 1));
    }
    const revisions = (await eventLog.readStream(stream)).map(({ revision }) => revision);
    expect(revisions).toEqual(Array.from({ length: 2_000 }, (_, revision) => BigInt(revision)));
    expect(await eventLog.readAll(undefined, 0)).toEqual([]);
  });

  it('use a connection separate from appends and from each follower', async () => {
    const before = proxy.connections;
    const other = connectEventLog({ url: `esdb://127.0.0.1:${proxy.port}?tls=false`, log: silentLog });
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
