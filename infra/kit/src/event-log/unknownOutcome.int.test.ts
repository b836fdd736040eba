import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { type FaultProxy, startFaultProxy } from '../../test/faultProxy.js';
import { faultRounds } from '../../test/faultRounds.js';
import { startLogServer } from '../../test/logServer.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { anEvent, aStream } from '../../test/sampleEvents.js';
import { type ConnectedEventLog, connectEventLog } from './connectEventLog.js';
import { ANY, LogUnavailable, NO_STREAM, WrongRevision } from './eventLog.js';

const ROUNDS = faultRounds({ usual: 50, full: 1_000 });

describe('an append whose answer is lost', () => {
  let server: Awaited<ReturnType<typeof startLogServer>>;
  let proxy: FaultProxy;
  let eventLog: ConnectedEventLog;
  let direct: ConnectedEventLog;

  beforeAll(async () => {
    server = await startLogServer();
    proxy = await startFaultProxy(server.port);
    eventLog = connect(`esdb://127.0.0.1:${proxy.port}?tls=false`, PATIENT_MS);
    direct = connect(server.url, PATIENT_MS);
  });
  afterEach(() => proxy.set('pass'));
  afterAll(async () => {
    await Promise.all([eventLog.close(), direct.close()]);
    await proxy.close();
    await server.close();
  });

  const connect = (url: string, appendDeadlineMs: number) =>
    connectEventLog({ url, log: silentLog, appendDeadlineMs, readSilenceMs: PATIENT_MS });
  const idsIn = async (stream: string) => (await direct.readStream(stream)).map(({ id }) => id);

  it(`F-02 is written once and acknowledged, ${ROUNDS} times in a row`, async () => {
    const stream = aStream();
    const ids: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const events = [anEvent(), anEvent()];
      ids.push(...events.map(({ id }) => id));
      await proxy.set('drop-reply');
      const appended = await eventLog.append(stream, events, round === 0 ? NO_STREAM : BigInt(2 * round - 1));
      const last = (await direct.readStream(stream, appended.revision))[0];
      expect(last).toMatchObject({ id: events[1]?.id, position: appended.position });
    }
    expect(await idsIn(stream)).toEqual(ids);
  });

  it('F-02 is written once with ANY too, as the stream grows', async () => {
    const stream = aStream();
    const ids: string[] = [];
    for (let round = 0; round < 10; round++) {
      const event = anEvent();
      ids.push(event.id);
      await proxy.set('drop-reply');
      await expect(eventLog.append(stream, [event], ANY)).resolves.toMatchObject({ revision: BigInt(round) });
    }
    expect(await idsIn(stream)).toEqual(ids);
  });

  it('F-02 is found when the connection stays open but silent', async () => {
    const stream = aStream();
    const event = anEvent();
    // It looks for the event after less than half of its deadline.
    const other = connect(`esdb://127.0.0.1:${proxy.port}?tls=false`, PATIENT_MS / 2);
    await proxy.set('swallow-reply');
    await expect(other.append(stream, [event], NO_STREAM)).resolves.toMatchObject({ revision: 0n });
    expect(await idsIn(stream)).toEqual([event.id]);
    await other.close();
  });

  it('F-02 is acknowledged when only half of the answer arrived', async () => {
    const stream = aStream();
    await proxy.set('reset-mid-reply');
    await expect(eventLog.append(stream, [anEvent()], NO_STREAM)).resolves.toMatchObject({ revision: 0n });
    expect(await idsIn(stream)).toHaveLength(1);
  });

  it('F-02 fails when another writer took the revision, and is not written after it', async () => {
    const stream = aStream();
    const other = anEvent();
    await proxy.set('refuse');
    const second = expect(eventLog.append(stream, [anEvent()], NO_STREAM)).rejects.toBeInstanceOf(WrongRevision);
    await direct.append(stream, [other], NO_STREAM);
    await proxy.set('pass');
    await second;
    expect(await idsIn(stream)).toEqual([other.id]);
  });

  it('is written after the events of other writers with ANY', async () => {
    const stream = aStream();
    const [own, other] = [anEvent(), anEvent()];
    await proxy.set('refuse');
    const appending = expect(eventLog.append(stream, [own], ANY)).resolves.toMatchObject({ revision: 1n });
    await direct.append(stream, [other], ANY);
    await proxy.set('pass');
    await appending;
    expect(await idsIn(stream)).toEqual([other.id, own.id]);
  });

  it('F-02 is written once for each of many parallel appends', async () => {
    const streams = Array.from({ length: 30 }, aStream);
    await Promise.all(streams.map((stream) => eventLog.append(stream, [anEvent()], NO_STREAM)));
    const next = streams.map((stream) => eventLog.append(stream, [anEvent()], 0n));
    proxy.resetConnections();
    for (const appended of await Promise.all(next)) expect(appended.revision).toBe(1n);
    for (const stream of streams) expect(await idsIn(stream)).toHaveLength(2);
  });

  it.each(['refuse', 'hang'] as const)(
    'F-03 fails while the log is in mode %s, and the log is used again afterwards',
    async (mode) => {
      const stream = aStream();
      const shortDeadline = connect(`esdb://127.0.0.1:${proxy.port}?tls=false`, 400);
      await proxy.set(mode);
      for (const expected of [NO_STREAM, ANY] as const)
        await expect(shortDeadline.append(stream, [anEvent()], expected)).rejects.toBeInstanceOf(LogUnavailable);
      await shortDeadline.close();
      proxy.resetConnections();
      await proxy.set('pass');
      await expect(eventLog.append(stream, [anEvent()], NO_STREAM)).resolves.toMatchObject({ revision: 0n });
    },
  );

  it('passes on at once what the log always rejects', async () => {
    const tooBig = anEvent('Noted', { text: 'x'.repeat(1_100_000) });
    const refused = eventLog.append(aStream(), [tooBig], NO_STREAM);
    await expect(refused).rejects.toMatchObject({ name: 'Error', maxAppendSize: 1_048_576 });
    const unwritable = { ...anEvent(), data: { count: 1n } };
    await expect(eventLog.append(aStream(), [unwritable], NO_STREAM)).rejects.toBeInstanceOf(TypeError);
  });
});
