import { afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, openSearchForTests } from '../../../engines/test/engineForTests.js';
import {
  eventually,
  indexedLines,
  loggerTo,
  PATIENT_REQUEST_MS,
  shipTo,
  untilShipped,
} from '../../test/logShippingTestbed.js';
import type { LogFields } from '../logFields.js';
import { metricsText } from '../metrics.js';
import { StartRefused } from '../startRefused.js';
import { readIndexTemplate } from './dataStream.js';
import type { LogShipping } from './startLogShipping.js';

const CANARY = 'canary-3f61c2';

jest.setTimeout(450_000);

let url: string;
let shipping: LogShipping | undefined;
let stream = 0;
let dataStream: string;

const ship = (options: Parameters<typeof shipTo>[1] = {}): LogShipping => {
  stream += 1;
  dataStream = `logs-ums-${stream}`;
  shipping = shipTo(url, { dataStream, requestTimeoutMs: PATIENT_REQUEST_MS, ...options });
  return shipping;
};

const request = async (path: string, method = 'GET', body?: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return await answer.json();
};

interface IndexMapping {
  mappings: { dynamic: string; properties: object };
}

afterEach(() => shipping?.close());

describeOn(['OpenSearch'], 'startLogShipping', () => {
  beforeAll(async () => {
    ({ url } = await openSearchForTests());
  }, ENGINE_START_TIMEOUT_MS);

  it('F-30 indexes every line once, byte for byte as it is on stdout', async () => {
    const { counts, close } = ship();
    const lines: string[] = [];
    const log = loggerTo(lines);
    for (let count = 0; count < 2_000; count += 1) log.info('größer', { count, requestId: `r${count}` });
    await untilShipped({ counts });
    expect(counts()).toEqual({ logged: 2_000, indexed: 2_000, dropped: 0, waiting: 0 });
    const indexed = await indexedLines(url, dataStream);
    expect(indexed.map(({ _source }) => `${JSON.stringify(_source)}\n`).sort()).toEqual([...lines].sort());
    expect(new Set(indexed.map(({ _id }) => _id)).size).toBe(2_000);
    await close();
    log.info('after the end');
    expect([lines.length, counts().logged]).toEqual([2_001, 2_000]);
  });

  it('F-30 makes a data stream whose mapping does not grow and accepts values that do not fit it', async () => {
    const { counts } = ship();
    const log = loggerTo([]);
    log.info('large', { position: 12345678901234567890n, status: 'none' as unknown as number });
    log.error('failed', { error: new StartRefused('Port 80 is taken.', { cause: new Error('x') }), userId: 'u1' });
    await untilShipped({ counts });
    expect(counts()).toMatchObject({ indexed: 2, dropped: 0 });
    expect(await request(`/_data_stream/${dataStream}`)).toMatchObject({ data_streams: [{ name: dataStream }] });
    expect(await indexedLines(url, dataStream)).toHaveLength(2);
    const found = (query: string) => request(`/${dataStream}/_count?q=${encodeURIComponent(query)}`);
    expect(await found('userId:u1')).toMatchObject({ count: 1 });
    expect(await found('error.name:StartRefused')).toMatchObject({ count: 1 });
    const [index] = Object.values((await request(`/${dataStream}/_mapping`)) as Record<string, IndexMapping>);
    const { properties } = (await readIndexTemplate()).template.mappings;
    const mappings = index?.mappings;
    expect([mappings?.dynamic, Object.keys(mappings?.properties ?? {}).sort()]).toEqual([
      'false',
      Object.keys(properties).sort(),
    ]);
  });

  it('extends the mapping of an older version and keeps its settings, and leaves a template that has all fields as it is', async () => {
    stream += 1;
    const older = `logs-ums-${stream}`;
    const template = (properties: object, version: number) => ({
      index_patterns: [older],
      version,
      data_stream: { timestamp_field: { name: 'time' } },
      template: { settings: { 'index.refresh_interval': '7s' }, mappings: { dynamic: false, properties } },
    });
    const theirs = { time: { type: 'date' }, newer: { type: 'keyword' } };
    await request(`/_index_template/${older}`, 'PUT', template(theirs, 7));
    await request(`/${older}/_doc?op_type=create`, 'POST', { time: new Date().toISOString() });
    const log = loggerTo([]);
    const options = { dataStream: older, requestTimeoutMs: PATIENT_REQUEST_MS };
    const first = shipTo(url, options);
    log.info('mapped', { reason: 'new' });
    await untilShipped(first);
    await first.close();
    await indexedLines(url, older);
    expect(await request(`/${older}/_count?q=reason:new`)).toMatchObject({ count: 1 });

    const current = (await request(`/_index_template/${older}`)) as { index_templates: [{ index_template: object }] };
    const properties = { ...(await readIndexTemplate()).template.mappings.properties, ...theirs };
    expect(current.index_templates[0].index_template).toMatchObject({
      version: 7,
      template: { settings: { index: { refresh_interval: '7s' } }, mappings: { properties } },
    });
    const changed = { ...current.index_templates[0].index_template, version: 8 };
    await request(`/_index_template/${older}`, 'PUT', changed);
    shipping = shipTo(url, options);
    log.info('again');
    await untilShipped(shipping);
    expect(await request(`/_index_template/${older}`)).toMatchObject({
      index_templates: [{ index_template: { version: 8 } }],
    });
  });

  it('L-02 indexes no field that is not allow-listed and no message of an error', async () => {
    const { counts } = ship();
    const lines: string[] = [];
    const log = loggerTo(lines);
    const fields = { password: CANARY, token: CANARY, email: CANARY, name: CANARY } as unknown as LogFields;
    log.info('request', { ...fields, userId: 'u1' });
    log.error('failed', { error: new Error(`bad value ${CANARY}`) });
    await untilShipped({ counts });
    const indexed = await indexedLines(url, dataStream);
    expect(indexed).toHaveLength(2);
    expect(JSON.stringify(indexed)).not.toContain(CANARY);
  });

  it('F-30 drops and counts a line that OpenSearch cannot map, once, and says so on stdout', async () => {
    const lines: string[] = [];
    const { counts } = ship({ log: loggerTo(lines, 'shipping') });
    // All fields are there, so the template stays.
    const { template } = await readIndexTemplate();
    const properties = { ...template.mappings.properties, userId: { type: 'object' } };
    await request(`/_index_template/${dataStream}`, 'PUT', {
      index_patterns: [dataStream],
      data_stream: { timestamp_field: { name: 'time' } },
      template: { mappings: { dynamic: false, properties } },
    });
    const log = loggerTo(lines);
    log.info('cannot be mapped', { userId: 'u1' });
    log.info('can be mapped');
    await eventually(() => lines.join('').includes('"reason":"mapper_parsing_exception"'), counts);
    await untilShipped({ counts });
    expect(counts()).toMatchObject({ dropped: 1, waiting: 0 });
    const messages = (await indexedLines(url, dataStream)).map(({ _source }) => _source.msg);
    expect(messages).toContain('can be mapped');
    expect(messages).toContain('OpenSearch refused log lines');
    expect(messages).not.toContain('cannot be mapped');
    expect(counts().logged).toBe(messages.length + 1);
  });

  it('exposes the numbers of lines as a metric', async () => {
    const { counts } = ship();
    loggerTo([]).info('one');
    await untilShipped({ counts });
    const { text } = await metricsText();
    expect(text).toContain('ums_log_lines_total{outcome="indexed"} 1');
    expect(text).toContain('ums_log_lines_total{outcome="dropped"} 0');
  });

  it('F-30 sends the waiting lines when it is closed', async () => {
    const { counts, close } = ship({ flushMs: PATIENT_REQUEST_MS });
    const log = loggerTo([]);
    log.info('first');
    await untilShipped({ counts });
    for (let count = 0; count < 1_200; count += 1) log.info('last', { count });
    await close();
    expect(counts()).toEqual({ logged: 1_201, indexed: 1_201, dropped: 0, waiting: 0 });
    expect(await indexedLines(url, dataStream)).toHaveLength(1_201);
  });
});
