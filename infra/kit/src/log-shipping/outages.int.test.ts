import { afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import type { OpenSearch } from '../../../engines/src/openSearch/startOpenSearch.js';
import { describeOnOwn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownOpenSearch, temporaryFolder } from '../../../engines/test/engineForTests.js';
import {
  eventually,
  indexedLines,
  loggerTo,
  PATIENT_REQUEST_MS,
  shipTo,
  untilShipped,
} from '../../test/logShippingTestbed.js';
import { settlesWithin } from '../../test/settlesWithin.js';
import { createLog } from '../log.js';
import type { LogShipping } from './startLogShipping.js';

jest.setTimeout(600_000);

const FAILING = 'logs do not reach OpenSearch';
const WORKING = 'logs reach OpenSearch again';

let folder: string;
/** Shared by the tests, of which each leaves it running. */
let node: OpenSearch;
let stream = 0;
let dataStream: string;
let shipping: LogShipping | undefined;
let stdout: string[];

const start = async (settings: Record<string, string> = {}): Promise<void> => {
  node = await ownOpenSearch({ dataDir: folder, settings });
};

const ship = (options: Parameters<typeof shipTo>[1] = {}): LogShipping => {
  shipping = shipTo(node.url, { log: loggerTo(stdout, 'shipping'), dataStream, ...options });
  return shipping;
};

const logLines = (count: number): void => {
  const log = createLog({ service: 'test', destination: { write: () => undefined } });
  for (let line = 0; line < count; line += 1) log.info('request', { count: line, requestId: 'r', durationMs: 1.5 });
};

const untilSaid = (message: string): Promise<void> =>
  eventually(
    () => stdout.join('').includes(message),
    () => stdout,
  );

/** Waits until everything is shipped again, then checks that every line is indexed once or counted as dropped. */
const expectExact = async (running: LogShipping): Promise<void> => {
  await untilShipped(running);
  await untilSaid(WORKING);
  await untilShipped(running);
  const { logged, indexed, dropped, waiting } = running.counts();
  const found = await indexedLines(node.url, dataStream);
  const ids = new Set(found.map(({ _id }) => _id));
  expect({ waiting, found: found.length, ids: ids.size }).toEqual({ waiting: 0, found: indexed, ids: indexed });
  expect(indexed + dropped).toBe(logged);
};

const request = (path: string, method: string, body: string): Promise<Response> =>
  fetch(`${node.url}/${path}`, { method, headers: { 'content-type': 'application/json' }, body });

const setBlock = (value: true | null): Promise<Response> =>
  request(`${dataStream}/_settings`, 'PUT', JSON.stringify({ 'index.blocks.read_only_allow_delete': value }));

beforeEach(() => {
  stream += 1;
  dataStream = `logs-ums-${stream}`;
  stdout = [];
});

afterEach(() => shipping?.close());

describeOnOwn(['OpenSearch'], 'log shipping while OpenSearch fails', () => {
  beforeAll(async () => {
    folder = await temporaryFolder('ums-log-outage-');
    await start({ 'indexing_pressure.memory.limit': '1kb' });
  }, ENGINE_START_TIMEOUT_MS);

  it('F-30 repeats a request that an overloaded node refuses with 429, also after the node has restarted', async () => {
    const large = `{"create":{}}\n{"time":0,"msg":"${'x'.repeat(2_000)}"}\n`;
    expect((await request('other/_bulk', 'POST', large)).status).toBe(429);
    const running = ship();
    logLines(600);
    await untilSaid(FAILING);
    expect(running.counts()).toMatchObject({ indexed: 0, dropped: 0 });
    await node.stop();
    await start();
    await expectExact(running);
    expect(running.counts().dropped).toBe(0);
  });

  it('F-30 repeats the lines that a full disk refuses with 429, and no others', async () => {
    const running = ship();
    logLines(100);
    await untilShipped(running);
    await setBlock(true);
    logLines(600);
    await untilSaid(FAILING);
    await setBlock(null);
    await expectExact(running);
    expect(running.counts().dropped).toBe(0);
  });

  it('F-30 indexes no line twice when OpenSearch hangs and handles the request after it was given up', async () => {
    const running = ship();
    logLines(100);
    await untilShipped(running);
    process.kill(node.pid, 'SIGSTOP');
    logLines(600);
    await untilSaid(FAILING);
    process.kill(node.pid, 'SIGCONT');
    await expectExact(running);
    expect(running.counts().dropped).toBe(0);
  });

  it('F-30 ends within its bound while OpenSearch hangs, and says how many lines were not shipped', async () => {
    const running = ship({ flushMs: 500, requestTimeoutMs: PATIENT_REQUEST_MS });
    logLines(100);
    await untilShipped(running);
    process.kill(node.pid, 'SIGSTOP');
    logLines(50);
    const isClosed = await settlesWithin(5_000, running.close());
    process.kill(node.pid, 'SIGCONT');
    expect(isClosed).toBe(true);
    const { logged, indexed, dropped, waiting } = running.counts();
    expect([dropped >= 50, waiting, indexed + dropped]).toEqual([true, 0, logged]);
    expect(JSON.parse(stdout.at(-1) ?? '')).toMatchObject({ msg: 'log lines were not shipped', dropped });
  });

  it('F-30 ships the lines of a process that started before OpenSearch', async () => {
    await node.kill();
    const running = ship();
    logLines(700);
    await untilSaid(FAILING);
    await start();
    await expectExact(running);
    expect(running.counts().dropped).toBe(0);
  });

  it('F-30 drops the oldest lines of a long outage, counts them exactly, and its memory stays flat', async () => {
    const running = ship({ ringBytes: 1_048_576 });
    logLines(100);
    await untilShipped(running);
    await node.kill();
    logLines(20_000);
    await untilSaid(FAILING);
    const before = process.memoryUsage().rss;
    logLines(600_000);
    // These lines would take over 80 MB. The young generation of V8 may grow meanwhile.
    expect((process.memoryUsage().rss - before) / 1_048_576).toBeLessThan(50);
    await start();
    await expectExact(running);
    expect(running.counts().dropped).toBeGreaterThan(600_000);
  });
});
