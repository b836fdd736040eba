import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { settledCheckpoint } from '@ums/identity/vault/settledVault';
import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { createHost } from '@ums/kit/http/host';
import { type Listening, listen } from '@ums/kit/http/listen';
import { silentLog } from '@ums/kit/log';
import { patientEventLog } from '../../infra/kit/test/patientEventLog.js';
import { until } from '../../infra/kit/test/until.js';
import { createWorld, type World } from '../test/world.js';
import { hostOptions } from './hostOptions.js';
import { type RunningQueryApi, startQueryApi } from './service.js';

let world: World;
let eventLog: ConnectedEventLog;
let service: RunningQueryApi;
let server: Listening;

/** The token of a person who was erased after the backup, so that nothing in the vault speaks against it. */
let token: string;

const startAgain = async (): Promise<void> => {
  service = await startQueryApi(world.config, { log: silentLog });
  const host = createHost({ ...hostOptions(world.config, service, silentLog), eventLoopDelayMs: () => 0 });
  server = await listen(host, { host: '127.0.0.1', port: 0 });
};
const stop = async (): Promise<void> => {
  await server.close();
  await service.close();
};
const statusesOf = (paths: readonly string[]): Promise<number[]> =>
  Promise.all(
    paths.map(async (path) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1${path}`, { headers });
      await answer.body?.cancel();
      return answer.status;
    }),
  );
const checkOf = async () => (await service.readiness()).checks.reconciler;
const settleTo = (position: bigint) =>
  settledCheckpoint.advance(world.vault, { position, eventId: undefined, logId: world.logId });

beforeAll(async () => {
  world = await createWorld();
  eventLog = patientEventLog(world.eventLogUrl);
  const id = randomUUID();
  await world.addUser({ id });
  token = world.token(id);
  const event = { id: randomUUID(), type: 'UserErasureStarted', data: {}, metadata: {} };
  await eventLog.append(userStream(id), [event], NO_STREAM);
});
afterAll(async () => {
  await eventLog.close();
  await world.close();
});

const PATHS = ['/user', '/user/history', `/erasures/${randomUUID()}`];

describe('query-api on a restored vault', () => {
  it('G-03 answers nobody before command-api has applied again what the log had at the start', async () => {
    const head = (await eventLog.head()) ?? 0n;
    await startAgain();
    expect([await statusesOf(PATHS), await checkOf()]).toEqual([[503, 503, 503], 'behind']);
    await settleTo(head - 1n);
    expect([await statusesOf(['/user']), await checkOf()]).toEqual([[503], 'behind']);
    await settleTo(head);
    expect([await statusesOf(['/user', PATHS[2] as string]), await checkOf()]).toEqual([[200, 404], 'up']);
    await stop();
  });

  it('F-03 refuses while the event log does not say up to where, and then asks it once', async () => {
    await world.logProxy.set('refuse');
    await startAgain();
    expect([await statusesOf(['/user']), await checkOf()]).toEqual([[503], 'down']);
    await world.logProxy.set('pass');
    await until(async () => (await checkOf()) === 'up');
    await world.logProxy.set('refuse');
    world.logProxy.resetConnections();
    expect([await statusesOf(['/user']), await checkOf()]).toEqual([[200], 'up']);
    await world.logProxy.set('pass');
    await stop();
  });
});
