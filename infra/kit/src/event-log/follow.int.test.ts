import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import type { LogFields } from '@ums/kit/logFields';
import { anEvent, aStream, take } from '../../test/eventLogContract.js';
import { type FaultProxy, startFaultProxy } from '../../test/faultProxy.js';
import { startLogServer } from '../../test/logServer.js';
import { type SubscriptionProxy, startSubscriptionProxy, status } from '../../test/subscriptionProxy.js';
import { until } from '../../test/until.js';
import { type ConnectedEventLog, connectEventLog } from './connectEventLog.js';
import { NO_STREAM } from './eventLog.js';

type Troubles = (readonly [reason: string, attempt: number])[];

describe('follow', () => {
  let server: Awaited<ReturnType<typeof startLogServer>>;
  let direct: ConnectedEventLog;
  let subscriptions: SubscriptionProxy;
  let network: FaultProxy;
  let stop: AbortController;
  const logs: ConnectedEventLog[] = [];

  beforeAll(async () => {
    server = await startLogServer();
    direct = connectEventLog({ url: server.url, log: silentLog, appendDeadlineMs: 20_000 });
    logs.push(direct);
  });
  beforeEach(async () => {
    stop = new AbortController();
    subscriptions = await startSubscriptionProxy(server.port);
    network = await startFaultProxy(server.port);
  });
  afterEach(async () => {
    stop.abort();
    await subscriptions.close();
    await network.close();
  });
  afterAll(async () => {
    await Promise.all(logs.map((eventLog) => eventLog.close()));
    await server.close();
  });

  const write = async (count: number): Promise<string[]> => {
    const events = Array.from({ length: count }, () => anEvent());
    await direct.append(aStream(), events, NO_STREAM);
    return events.map(({ id }) => id);
  };

  /** Follows from the present on through something that misbehaves. */
  const followed = async (url: string) => {
    const troubles: Troubles = [];
    const warn = (_message: string, { reason, attempt }: LogFields = {}) =>
      void troubles.push([String(reason), Number(attempt)]);
    const eventLog = connectEventLog({ url, log: { ...silentLog, warn }, stallCheckMs: 200, readSilenceMs: 500 });
    logs.push(eventLog);
    const events = eventLog.follow(await direct.head(), { signal: stop.signal });
    const ids = async (count: number) => (await take(events, count)).map(({ id }) => id);
    return { troubles, ids, eventLog, events };
  };

  it('F-13 resumes a subscription that ended without an error', async () => {
    const { ids, troubles } = await followed(subscriptions.url);
    const live = ids(3);
    await until(() => subscriptions.opened === 1);
    const before = await write(3);
    expect(await live).toEqual(before);
    subscriptions.end();
    const after = await write(3);
    expect(await ids(3)).toEqual(after);
    expect(troubles).toEqual([['end', 1]]);
  });

  it('F-13 resumes a subscription that failed, whatever the status', async () => {
    const { ids, troubles } = await followed(subscriptions.url);
    const codes = [status.UNAVAILABLE, status.CANCELLED, status.INTERNAL, status.UNKNOWN];
    for (const [index, code] of codes.entries()) {
      const live = ids(2);
      await until(() => subscriptions.opened === index + 1);
      const before = await write(2);
      expect(await live).toEqual(before);
      subscriptions.fail(code);
    }
    const after = await write(2);
    expect(await ids(2)).toEqual(after);
    expect(troubles).toEqual([1, 2, 3, 4].map(() => ['error', 1]));
  });

  it('F-13 gives up a subscription that is silent while the log goes on', async () => {
    const { ids, troubles } = await followed(subscriptions.url);
    const live = ids(2);
    await until(() => subscriptions.opened === 1);
    const before = await write(2);
    expect(await live).toEqual(before);
    subscriptions.silence(true);
    const missed = await write(2);
    const resumed = ids(2);
    await until(() => troubles.length > 0);
    subscriptions.silence(false);
    expect(await resumed).toEqual(missed);
    expect(troubles[0]).toEqual(['stall', 1]);
  });

  it('F-13 counts the subscriptions it lost in a row', async () => {
    subscriptions.silence(true);
    const { ids, troubles } = await followed(subscriptions.url);
    const waiting = ids(1);
    await until(() => troubles.length >= 3);
    subscriptions.silence(false);
    const written = await write(1);
    expect(await waiting).toEqual(written);
    expect(troubles.slice(0, 3)).toEqual([1, 2, 3].map((attempt) => ['stall', attempt]));
  });

  it('F-12 gives an event once though the server gives it three times', async () => {
    const { ids, troubles } = await followed(subscriptions.url);
    subscriptions.repeat(3);
    const live = ids(20);
    await until(() => subscriptions.opened === 1);
    const written = await write(20);
    expect(await live).toEqual(written);
    const more = await write(1);
    expect(await ids(1)).toEqual(more);
    expect(troubles).toEqual([]);
  });

  it('F-12 skips and repeats nothing while connections are cut again and again', async () => {
    const { ids, troubles } = await followed(`esdb://127.0.0.1:${network.port}?tls=false`);
    const first = await write(1);
    expect(await ids(1)).toEqual(first);
    const written: string[] = [];
    const reading = ids(500);
    for (let batch = 0; batch < 10; batch++) {
      written.push(...(await write(50)));
      network.cut();
    }
    expect(await reading).toEqual(written);
    expect(new Set(troubles.map(([reason]) => reason))).toEqual(new Set(['error']));
  });

  it('F-03 survives a log that is away or hangs, and goes on when it is back', async () => {
    const { ids, troubles } = await followed(`esdb://127.0.0.1:${network.port}?tls=false`);
    const first = await write(1);
    expect(await ids(1)).toEqual(first);
    for (const mode of ['refuse', 'hang'] as const) {
      const seen = troubles.length;
      const waiting = ids(1);
      await network.set(mode);
      network.cut();
      await until(() => troubles.length >= seen + 2);
      await network.set('pass');
      network.cut();
      const [id] = await write(1);
      expect(await waiting).toEqual([id]);
    }
  });

  it('is ended by its reader, and by the end of the log it belongs to', async () => {
    const { events, eventLog } = await followed(subscriptions.url);
    await write(2);
    // What stands in the log is read by the page: nobody has subscribed yet.
    for await (const event of events) {
      expect(event.revision).toBe(0n);
      break;
    }
    const second = eventLog.follow(undefined, { signal: stop.signal });
    expect((await second.next()).done).toBe(false);
    const waiting = eventLog.follow(await direct.head(), { signal: stop.signal }).next();
    await until(() => subscriptions.opened === 1);
    await eventLog.close();
    expect((await waiting).done).toBe(true);
  });

  it('P9 reads by the page what there is, then subscribes, and skips nothing in between', async () => {
    const { ids, troubles } = await followed(subscriptions.url);
    const written = [...(await write(700)), ...(await write(600))];
    const reading = ids(1_320);
    for (let more = 0; more < 20; more++) written.push(...(await write(1)));
    expect(await reading).toEqual(written);
    const live = ids(1);
    await until(() => subscriptions.opened === 1);
    expect(await write(1)).toEqual(await live);
    expect(troubles).toEqual([]);
  });

  it('F-13 begins anew when a page is not answered', async () => {
    const { ids, troubles } = await followed(`esdb://127.0.0.1:${network.port}?tls=false`);
    const written = await write(1_200);
    expect(await ids(400)).toEqual(written.slice(0, 400));
    await network.set('hang');
    const rest = ids(800);
    await until(() => troubles.length > 0);
    await network.set('pass');
    network.cut();
    expect(await rest).toEqual(written.slice(400));
    expect(troubles[0]).toEqual(['error', 1]);
  });

  it('gives nothing more after its end, though a page has more', async () => {
    const { events } = await followed(subscriptions.url);
    await write(5);
    expect((await events.next()).done).toBe(false);
    stop.abort();
    expect((await events.next()).done).toBe(true);
    expect(subscriptions.opened).toBe(0);
  });

  it('keeps for a slow reader what it did not take', async () => {
    const { ids } = await followed(subscriptions.url);
    const live = ids(1);
    await until(() => subscriptions.opened === 1);
    const written = [...(await write(1_000)), ...(await write(1_000))];
    expect(await live).toEqual(written.slice(0, 1));
    const later = await write(10);
    expect(await ids(2_009)).toEqual([...written.slice(1), ...later]);
  });
});
