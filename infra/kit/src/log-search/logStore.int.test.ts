import { afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, openSearchForTests } from '../../../engines/test/engineForTests.js';
import { indexedLines } from '../../test/logShippingTestbed.js';
import { bulkIndexer } from '../log-shipping/bulkIndexer.js';
import { prepareDataStream } from '../log-shipping/dataStream.js';
import { openSearchClient } from '../log-shipping/openSearchClient.js';
import { type LogStore, openLogStore } from './logStore.js';

jest.setTimeout(450_000);

const DAY_MS = 86_400_000;
const NOW = Date.now();

let url: string;
let stream = 0;
let dataStream: string;
let store: LogStore;
let client: ReturnType<typeof openSearchClient>;

/** Indexes lines as two processes with ids `p` and `q` do. */
const index = async (process: 'p' | 'q', ...lines: { ageMs: number; [field: string]: unknown }[]): Promise<void> => {
  const numbered = lines.map(({ ageMs, ...fields }, number) => ({
    number,
    text: JSON.stringify({ time: new Date(NOW - ageMs).toISOString(), ...fields }),
  }));
  const source = `${process}-${Math.random()}`;
  const { indexed } = await bulkIndexer({ client, index: dataStream, source })(numbered);
  expect(indexed).toBe(lines.length);
  await indexedLines(url, dataStream);
};

const messages = async (filter: object = {}): Promise<unknown[]> =>
  (await store.search({ limit: 100, ...filter })).lines.map(({ line }) => line.msg);

const rollOver = () => client.indices.rollover({ alias: dataStream });

describeOn(['OpenSearch'], 'openLogStore', () => {
  beforeAll(async () => {
    ({ url } = await openSearchForTests());
  }, ENGINE_START_TIMEOUT_MS);

  beforeEach(async () => {
    stream += 1;
    dataStream = `logs-ums-${stream}`;
    client = openSearchClient({ url, requestTimeoutMs: 60_000 });
    await prepareDataStream(client, dataStream);
    store = openLogStore({ url, dataStream, requestTimeoutMs: 60_000 });
  });

  afterEach(async () => {
    await store.close();
    await client.close();
  });

  it('finds lines by each filter, in the order in which they were logged', async () => {
    const id = 'c1';
    const many = Array.from({ length: 12 }, (_, number) => ({
      ageMs: 500,
      correlationId: id,
      msg: `same ms ${number}`,
    }));
    await index('p', ...many, { ageMs: 100, userId: 'u1', msg: 'newest' });
    await index('q', { ageMs: 1_000, correlationId: id, route: '/api/v1/user', msg: 'oldest' });
    expect(await messages({ correlationId: id })).toEqual(['oldest', ...many.map(({ msg }) => msg)]);
    expect(await messages({ userId: 'u1' })).toEqual(['newest']);
    expect(await messages({ route: '/api/v1/user' })).toEqual(['oldest']);
    expect(await messages({ since: NOW - 100 })).toEqual(['newest']);
    expect(await messages({ correlationId: id, userId: 'u1' })).toEqual([]);
    const { lines, total } = await store.search({ limit: 2 });
    expect([lines.map(({ line }) => line.msg), total]).toEqual([['same ms 11', 'newest'], 14]);
  });

  it('prune deletes the indices whose last line is too old, and keeps every younger line', async () => {
    await index('p', { ageMs: 50 * DAY_MS, msg: 'old' }, { ageMs: 40 * DAY_MS, msg: 'old' });
    await rollOver();
    await index('p', { ageMs: 35 * DAY_MS, msg: 'with a younger line' }, { ageMs: 29 * DAY_MS, msg: 'young' });
    await rollOver();
    await index('p', { ageMs: 1_000, msg: 'new' });
    expect(await store.prune(NOW - 30 * DAY_MS)).toEqual({ indices: 1, lines: 2, left: 2 });
    expect(await messages()).toEqual(['with a younger line', 'young', 'new']);
    expect(await store.prune(NOW - 30 * DAY_MS)).toEqual({ indices: 0, lines: 0, left: 2 });
  });

  it('prune replaces the index that takes new lines once it has a line older than a day', async () => {
    await index('p', { ageMs: 2 * DAY_MS, msg: 'two days old' });
    expect(await store.prune(NOW - 30 * DAY_MS)).toEqual({ indices: 0, lines: 0, left: 2 });
    await index('p', { ageMs: 0, msg: 'new' });
    expect(await store.prune(NOW - DAY_MS)).toEqual({ indices: 1, lines: 1, left: 1 });
    expect(await messages()).toEqual(['new']);
  });

  it('prune deletes all lines of a service that no longer runs', async () => {
    await index('p', { ageMs: 31 * DAY_MS, msg: 'old' });
    expect(await store.prune(NOW - 30 * DAY_MS)).toEqual({ indices: 1, lines: 1, left: 1 });
    expect(await messages()).toEqual([]);
  });

  it('prune says that an ordinary index cannot be pruned', async () => {
    const plain = `plain-${stream}`;
    await client.index({ index: plain, body: { time: new Date(NOW - 60 * DAY_MS).toISOString() }, refresh: true });
    const other = openLogStore({ url, dataStream: plain, requestTimeoutMs: 60_000 });
    await expect(other.prune(NOW)).rejects.toThrow(`${plain} is an ordinary index and not a data stream`);
    await other.close();
  });

  it('explains that there are no logs yet', async () => {
    const none = openLogStore({ url, dataStream: 'logs-ums-none' });
    const explanation = `OpenSearch at ${url} has no logs: no service has shipped a line to logs-ums-none yet.`;
    await expect(none.search({ limit: 1 })).rejects.toThrow(explanation);
    await expect(none.prune(NOW)).rejects.toThrow(explanation);
    await none.close();
  });
});
