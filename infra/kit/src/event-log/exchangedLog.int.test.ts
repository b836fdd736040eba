import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { type FaultProxy, startFaultProxy } from '../../test/faultProxy.js';
import { startLogServer } from '../../test/logServer.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { anEvent, aStream, take } from '../../test/sampleEvents.js';
import { until } from '../../test/until.js';
import { type ConnectedEventLog, connectEventLog } from './connectEventLog.js';
import { NO_STREAM } from './eventLog.js';

const connect = (url: string) =>
  connectEventLog({ url, log: silentLog, appendDeadlineMs: PATIENT_MS, readSilenceMs: PATIENT_MS });

describe('a log that is exchanged for another one at the same address', () => {
  /** Of the same length, with events of other sizes, so that their positions differ. */
  let logs: { port: number; direct: ConnectedEventLog; close(): Promise<void> }[];
  let proxy: FaultProxy;
  let follower: ConnectedEventLog;
  let stop: AbortController;
  beforeAll(async () => {
    logs = await Promise.all(
      [10, 200].map(async (size) => {
        const server = await startLogServer();
        const direct = connect(server.url);
        for (let index = 0; index < 9; index++)
          await direct.append(aStream(), [anEvent('Noted', { text: 'x'.repeat(size) })], NO_STREAM);
        const close = async () => {
          await direct.close();
          await server.close();
        };
        return { port: server.port, direct, close };
      }),
    );
  });
  beforeEach(async () => {
    stop = new AbortController();
    proxy = await startFaultProxy(first().port);
    follower = connect(`esdb://127.0.0.1:${proxy.port}?tls=false`);
  });
  afterEach(async () => {
    stop.abort();
    await follower.close();
    await proxy.close();
  });
  afterAll(() => Promise.all(logs.map(({ close }) => close())));

  const first = () => logs[0] as (typeof logs)[number];
  const second = () => logs[1] as (typeof logs)[number];
  /** Follows until an event has come that was appended meanwhile. */
  const followLive = async ({ direct }: (typeof logs)[number]): Promise<void> => {
    const events = follower.follow(await direct.head(), { signal: stop.signal });
    for (let round = 0; round < 2; round++) {
      const next = take(events, 1);
      await direct.append(aStream(), [anEvent()], NO_STREAM);
      await next;
    }
    void take(events, 1).catch(() => undefined);
  };

  it.each([
    ['before a follower is live', false],
    ['while a follower is live', true],
  ])('F-12 is read anew for those who check: %s', async (_when, isLive) => {
    if (isLive) await followLive(first());
    const end = (await first().direct.head()) ?? 0n;
    expect(await follower.positions(undefined, end)).toEqual(await first().direct.positions(undefined, end));
    proxy.sendTo(second().port);
    proxy.resetConnections();
    if (!isLive) await followLive(second());
    const expected = String(await second().direct.positions(undefined, end));
    await until(async () => String(await follower.positions(undefined, end)) === expected);
  });
});
