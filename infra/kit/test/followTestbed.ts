import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { type ConnectedEventLog, connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import type { LogFields } from '@ums/kit/logFields';
import { type FaultProxy, startFaultProxy } from './faultProxy.js';
import { startLogServer } from './logServer.js';
import { anEvent, aStream, ids, take } from './sampleEvents.js';
import { type SubscriptionProxy, startSubscriptionProxy } from './subscriptionProxy.js';

/** A limit that a busy machine does not reach, for tests that expect no stall; in ms. */
export const NO_STALL_MS = 10_000;

/** What `subscription lost` logs. */
type LostSubscription = readonly [reason: string, attempt: number];

/**
 * A log server with two faulty ways to it, for tests of `follow`: call it inside `describe`. The proxies and the stop
 * signal are new for each test.
 */
export const followTestbed = () => {
  const clients: ConnectedEventLog[] = [];
  let server: Awaited<ReturnType<typeof startLogServer>>;
  let direct: ConnectedEventLog;
  let subscriptions: SubscriptionProxy;
  let network: FaultProxy;
  let stop: AbortController;

  beforeAll(async () => {
    server = await startLogServer();
    direct = connectEventLog({ url: server.url, log: silentLog, appendDeadlineMs: 20_000, readSilenceMs: 20_000 });
    clients.push(direct);
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
    await Promise.all(clients.map((client) => client.close()));
    await server.close();
  });

  /** Appends events directly, past the proxies. @returns their ids */
  const write = async (count: number): Promise<string[]> => {
    const events = Array.from({ length: count }, () => anEvent());
    await direct.append(aStream(), events, NO_STREAM);
    return events.map(({ id }) => id);
  };

  /**
   * Follows the log from its head through a proxy.
   *
   * @param stallCheckMs in ms; see `NO_STALL_MS`.
   * @param readSilenceMs in ms; after that, a log that does not answer counts as away.
   */
  const followThrough = async (url: string, stallCheckMs = 200, readSilenceMs = NO_STALL_MS) => {
    const lost: LostSubscription[] = [];
    const warn = (_message: string, { reason, attempt }: LogFields = {}) =>
      void lost.push([String(reason), Number(attempt)]);
    const eventLog = connectEventLog({ url, log: { ...silentLog, warn }, stallCheckMs, readSilenceMs });
    clients.push(eventLog);
    const events = eventLog.follow(await direct.head(), { signal: stop.signal });
    const nextIds = async (count: number) => ids(await take(events, count));
    return { lost, nextIds, eventLog, events };
  };

  return {
    write,
    head: () => direct.head(),
    followSubscriptions: (stallCheckMs?: number) => followThrough(subscriptions.url, stallCheckMs),
    followNetwork: (stallCheckMs?: number) =>
      followThrough(`esdb://127.0.0.1:${network.port}?tls=false`, stallCheckMs, Math.max(500, stallCheckMs ?? 0)),
    get subscriptions() {
      return subscriptions;
    },
    get network() {
      return network;
    },
    get stop() {
      return stop;
    },
  };
};
