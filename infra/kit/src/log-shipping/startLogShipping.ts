import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../log.js';
import { setLogTap } from '../logTap.js';
import { DATA_STREAM } from './dataStream.js';
import { exposeLineCounts, type LineCounts } from './lineCounts.js';
import { type RingMemory, ringMemory, ringWriter } from './lineRing.js';
import type { OpenSearchAccess } from './openSearchClient.js';
import { type OpenSearchSettings, openSearchAccess } from './openSearchSettings.js';
import type { ShippingNews } from './shipLines.js';
import { countsMemory, shippedCounts } from './shippedCounts.js';

/** What the shipping thread is started with. */
export interface ShippingThreadData {
  ring: RingMemory;
  counts: SharedArrayBuffer;
  access: OpenSearchAccess;
  dataStream: string;
  source: string;
}

export interface LogShipping {
  counts(): LineCounts;
  /** Sends what waits, for `flushMs` at most, and says on stdout how many lines were not sent. Later lines go to stdout only. */
  close(): Promise<void>;
}

export interface LogShippingOptions extends OpenSearchAccess {
  /** Logs what becomes of the shipping. */
  log: Log;
  /** @default logs-ums */
  dataStream?: string;
  /** @default 8 MiB, about 20,000 lines */
  ringBytes?: number;
  /** @default 3 s */
  flushMs?: number;
  /** Options of Node for the thread; tests run it from its sources. */
  execArgv?: string[];
}

const RING_BYTES = 8 * 1_024 * 1_024;
const FLUSH_MS = 3_000;
const THREAD_HEAP_MB = 64;

/**
 * Ships every line that the loggers of this process write from now on to OpenSearch, in addition to stdout. A log call copies
 * its line into a ring in shared memory and never waits; a thread empties the ring (F-30). While OpenSearch accepts no lines,
 * the newest ones are kept and the oldest are dropped and counted.
 */
export const startLogShipping = ({
  log,
  dataStream = DATA_STREAM,
  ringBytes = RING_BYTES,
  flushMs = FLUSH_MS,
  execArgv,
  ...access
}: LogShippingOptions): LogShipping => {
  const ring = ringMemory(ringBytes);
  const writer = ringWriter(ring);
  const memory = countsMemory();
  const shipped = shippedCounts(memory);
  const workerData: ShippingThreadData = { ring, counts: memory, access, dataStream, source: randomUUID() };
  const worker = new Worker(new URL(`./main${extname(import.meta.url)}`, import.meta.url), {
    name: 'log-shipping',
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
    ...(execArgv && { execArgv }),
  });
  worker.unref();
  let lost = 0;
  const counts = (): LineCounts => {
    const logged = writer.written();
    const dropped = writer.dropped() + shipped.refused() + lost;
    const indexed = shipped.indexed();
    return { logged, indexed, dropped, waiting: logged - indexed - dropped };
  };
  const report = newsReporter(log, counts);
  worker.on('message', report);
  // The ring goes on dropping and counting; only a restart of the process ships lines again.
  worker.on('error', (error) => log.error('log shipping ended', { error }));
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  exposeLineCounts(counts);
  const removeTap = setLogTap(writer.write);

  const flush = async (): Promise<void> => {
    removeTap();
    worker.postMessage('stop');
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, flushMs);
    });
    await Promise.race([ended, deadline]);
    clearTimeout(timer);
    await worker.terminate();
    lost = counts().waiting;
    if (lost > 0) log.warn('log lines were not shipped', { dropped: lost });
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= flush();
    return closing;
  };
  return { counts, close };
};

const newsReporter = (log: Log, counts: () => LineCounts) => {
  /** Of the lines that were dropped, those before requests failed. */
  let droppedBefore: number | undefined;
  return (news: ShippingNews): void => {
    const { dropped } = counts();
    if (news.kind === 'failing') {
      droppedBefore ??= dropped;
      log.warn('logs do not reach OpenSearch', { dependency: 'opensearch', reason: news.reason });
    } else if (news.kind === 'working') {
      log.info('logs reach OpenSearch again', { dependency: 'opensearch', dropped: dropped - (droppedBefore ?? 0) });
      droppedBefore = undefined;
    } else if (news.kind === 'unmapped') {
      const reason = `fields of another type: ${news.fields.join(', ')}`;
      log.warn('an index of logs has to be rolled over', { dependency: 'opensearch', reason });
    } else {
      log.error('OpenSearch refused log lines', { dependency: 'opensearch', reason: news.reason, dropped: news.count });
    }
  };
};

/**
 * Ships the logs of a process if `OPENSEARCH_URL` is set.
 * @returns ends that. Its caller runs it last, so that what is logged while everything else is closed is shipped too.
 */
export const shipLogs = (settings: OpenSearchSettings, log: Log): (() => Promise<void>) => {
  const access = openSearchAccess(settings);
  return access === undefined ? () => Promise.resolve() : startLogShipping({ ...access, log }).close;
};
