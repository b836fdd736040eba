import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { OpenSearch } from '../../../engines/src/openSearch/startOpenSearch.js';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownOpenSearch, temporaryFolder } from '../../../engines/test/engineForTests.js';
import { eventually, indexedLines, loggerTo, shipTo, untilShipped } from '../../test/logShippingTestbed.js';
import { createLog } from '../log.js';
import type { LogShipping } from './startLogShipping.js';

jest.setTimeout(300_000);

let folder: string;
let node: OpenSearch;
let shipping: LogShipping | undefined;
let stdout: string[];

const start = async (settings: Record<string, string> = {}): Promise<void> => {
  node = await ownOpenSearch({ dataDir: folder, settings });
};

const ship = (options: Parameters<typeof shipTo>[1] = {}): LogShipping => {
  stdout = [];
  shipping = shipTo(node.url, { log: loggerTo(stdout, 'shipping'), ...options });
  return shipping;
};

const logLines = (count: number): void => {
  const log = createLog({ service: 'test', destination: { write: () => undefined } });
  for (let line = 0; line < count; line += 1) log.info('request', { count: line, requestId: 'r', durationMs: 1.5 });
};

/** Waits until the thread has said this on the log of the shipping. */
const untilSaid = (message: string): Promise<void> =>
  eventually(
    () => stdout.join('').includes(message),
    () => stdout,
  );

/** Every line is indexed once or counted as dropped. */
const expectExact = async ({ counts }: LogShipping): Promise<void> => {
  const { logged, indexed, dropped, waiting } = counts();
  const found = await indexedLines(node.url);
  const ids = new Set(found.map(({ _id }) => _id));
  expect({ waiting, found: found.length, ids: ids.size }).toEqual({ waiting: 0, found: indexed, ids: indexed });
  expect(indexed + dropped).toBe(logged);
};

const setBlock = (value: true | null): Promise<Response> =>
  fetch(`${node.url}/logs-ums/_settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ 'index.blocks.read_only_allow_delete': value }),
  });

beforeEach(async () => {
  folder = await temporaryFolder('ums-log-outage-');
  await start();
}, ENGINE_START_TIMEOUT_MS);

afterEach(async () => {
  await shipping?.close();
  await node.stop();
});

describeOn(['OpenSearch'], 'log shipping while OpenSearch fails', () => {
  it('F-30 ships the lines of a process that started before OpenSearch', async () => {
    await node.kill();
    const running = ship();
    logLines(700);
    await untilSaid('logs do not reach OpenSearch');
    await start();
    await untilShipped(running);
    await untilSaid('logs reach OpenSearch again');
    expect(running.counts().dropped).toBe(0);
    await expectExact(running);
  });

  it('F-30 drops the oldest lines of a long outage, counts them exactly, and its memory stays flat', async () => {
    const running = ship({ ringBytes: 1_048_576 });
    logLines(100);
    await untilShipped(running);
    await node.kill();
    logLines(20_000);
    await untilSaid('logs do not reach OpenSearch');
    const before = process.memoryUsage().rss;
    logLines(300_000);
    expect((process.memoryUsage().rss - before) / 1_048_576).toBeLessThan(20);
    await start();
    await untilShipped(running);
    await untilSaid('logs reach OpenSearch again');
    await untilShipped(running);
    expect(running.counts().dropped).toBeGreaterThan(300_000);
    await expectExact(running);
  });

  it('F-30 indexes no line twice when OpenSearch hangs and handles the request after it was given up', async () => {
    const running = ship();
    logLines(100);
    await untilShipped(running);
    process.kill(node.pid, 'SIGSTOP');
    logLines(600);
    await untilSaid('"reason":"TimeoutError"');
    process.kill(node.pid, 'SIGCONT');
    await untilShipped(running);
    await untilSaid('logs reach OpenSearch again');
    await untilShipped(running);
    expect(running.counts().dropped).toBe(0);
    await expectExact(running);
  });

  it('F-30 ends within its bound while OpenSearch hangs, and says how many lines were not shipped', async () => {
    const running = ship({ flushMs: 500 });
    logLines(100);
    await untilShipped(running);
    process.kill(node.pid, 'SIGSTOP');
    logLines(50);
    const begun = performance.now();
    await running.close();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(running.counts()).toEqual({ logged: 150, indexed: 100, dropped: 50, waiting: 0 });
    expect(JSON.parse(stdout.at(-1) ?? '')).toMatchObject({ msg: 'log lines were not shipped', dropped: 50 });
    process.kill(node.pid, 'SIGCONT');
  });

  it('F-30 repeats the lines that a full disk refuses with 429, and no others', async () => {
    const running = ship();
    logLines(100);
    await untilShipped(running);
    await setBlock(true);
    logLines(600);
    await untilSaid('"reason":"overloaded"');
    await setBlock(null);
    await untilShipped(running);
    await untilSaid('logs reach OpenSearch again');
    await untilShipped(running);
    expect(running.counts().dropped).toBe(0);
    await expectExact(running);
  });

  it('F-30 repeats a request that an overloaded node refuses with 429', async () => {
    await node.stop();
    await start({ 'indexing_pressure.memory.limit': '1kb' });
    const running = ship();
    logLines(600);
    await untilSaid('"reason":"status 429"');
    await node.stop();
    await start();
    await untilShipped(running);
    await untilSaid('logs reach OpenSearch again');
    await untilShipped(running);
    expect(running.counts().dropped).toBe(0);
    await expectExact(running);
  });
});
