import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { type RunningEngines, startEngines } from '@ums/embedded/startEngines';
import { silentLog } from '@ums/kit/log';
import { PATIENT } from '../../command-api/test/testApi.js';
import { until } from '../kit/test/until.js';
import { expectMetrics, metricsPage } from './test/expectMetrics.js';
import { fiveProcesses, SERVICES } from './test/fiveProcesses.js';
import { sendCanaries } from './test/sendCanaries.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-metrics-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The series on pages, without those of garbage collections, which come when they come. */
const series = (texts: readonly string[]): string[] =>
  texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== '' && !line.startsWith('nodejs_gc_'))
    .map((line) => line.replace(/ [^ ]+$/, ''))
    .sort();

const NOT_HERE = ['Kafka', 'OpenSearch', 'a picture', 'an error'] as const;

describe('the metrics of the whole service in one process', () => {
  let running: RunningStart;
  let sent: string[];
  beforeAll(async () => {
    const DATA_DIR = join(folder, 'embedded');
    running = await start({
      config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR }),
      env: { PASSWORD_HASH: 'bcrypt:4' },
      logFor: () => silentLog,
      fsync: false,
      eventLoopDelayMs: () => 0,
      requestTimeouts: PATIENT,
      onFatal: (error) => {
        throw error;
      },
    });
    sent = await sendCanaries({ api: running.api, inbox: running.inbox });
  }, 360_000);
  afterAll(() => running?.close());

  const read = async () => [await metricsPage(running.metrics)];

  it('L-03 are all on the list, and all of the list are there', async () => {
    await expectMetrics(read, NOT_HERE);
  });

  it('L-03 hold nothing that a client sent, and grow no series from it', async () => {
    // The last mails are sent, and counted, after the last answer.
    await until(async () => /^ums_consumer_lag_events\{consumer="mail"\} 0$/m.test((await read())[0] ?? ''));
    const before = await read();
    const again = await sendCanaries({ api: running.api, inbox: running.inbox });
    const after = await read();
    expect(series(after)).toEqual(series(before));
    for (const value of [...sent, ...again]) expect(after.join('').toLowerCase()).not.toContain(value.toLowerCase());
  });

  it('count log-ins by outcome and requests by route', async () => {
    // A check that takes longer than two seconds is down.
    await until(async () => /^ums_check_up\{check="notifier.vault"\} 1$/m.test((await read())[0] ?? ''));
    const [text = ''] = await read();
    expect(text).toMatch(/^ums_logins_total\{outcome="succeeded"\} [1-9]/m);
    expect(text).toMatch(/^ums_logins_total\{outcome="credentials-invalid"\} [1-9]/m);
    const labels = 'http_route="/api/v1/user",http_request_method="GET",http_response_status_code="200"';
    expect(text).toContain(`http_server_request_duration_seconds_count{${labels}}`);
  });
});

describe('the metrics of the five services in separate processes', () => {
  let engines: RunningEngines;
  let processes: Awaited<ReturnType<typeof fiveProcesses>>;
  let sent: string[];
  beforeAll(async () => {
    engines = await startEngines({
      ...{ dataDir: join(folder, 'processes'), inboxPort: 0, fsync: false },
      onFatal: (error) => {
        throw error;
      },
    });
    processes = await fiveProcesses(engines);
    sent = await sendCanaries({ api: processes.url, inbox: engines.inbox });
  }, 360_000);
  afterAll(async () => {
    await processes?.close();
    await engines?.close();
  });

  const read = () => Promise.all(SERVICES.map((service) => metricsPage(processes.metrics(service))));

  it('L-03 are all on the list, and all of the list are on some page', async () => {
    await expectMetrics(read, [...NOT_HERE, 'the embedded engines']);
  });

  it('show the process and its readiness on every page, and hold nothing that a client sent', async () => {
    // A process is not ready while a check takes longer than two seconds.
    await until(async () => (await read()).every((text) => /^ums_ready 1$/m.test(text)));
    for (const text of await read()) {
      expect(text).toMatch(/^process_cpu_seconds_total \d/m);
      for (const value of sent) expect(text.toLowerCase()).not.toContain(value.toLowerCase());
    }
  });

  it('are not served on the port of the API', async () => {
    expect((await fetch(`${processes.url}/metrics`)).status).toBe(404);
  });
});
