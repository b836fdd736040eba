import { setTimeout as sleep } from 'node:timers/promises';
import { TYPESCRIPT_LOADER } from '../../embedded/test/typescriptLoader.js';
import { createLog, type Log, silentLog } from '../src/log.js';
import { type LogShipping, type LogShippingOptions, startLogShipping } from '../src/log-shipping/startLogShipping.js';

/** For shipping that does not fail: longer than a busy node takes for a request, of which the log says nothing then. In ms. */
export const PATIENT_REQUEST_MS = 60_000;

/** Ships the lines of this process with a thread that runs from its sources. */
export const shipTo = (url: string, options: Partial<LogShippingOptions> = {}): LogShipping =>
  startLogShipping({ log: silentLog, url, execArgv: ['--import', TYPESCRIPT_LOADER], ...options });

/** A logger whose lines go to the array instead of stdout. */
export const loggerTo = (lines: string[], service = 'test'): Log =>
  createLog({ service, destination: { write: (line) => void lines.push(line) } });

export interface IndexedLine {
  _id: string;
  _source: Record<string, unknown>;
}

/** Everything that arrived in a data stream, with each line as often as it is there; at most 10,000 lines. */
export const indexedLines = async (url: string, dataStream = 'logs-ums'): Promise<IndexedLine[]> => {
  const refreshed = await fetch(`${url}/${dataStream}/_refresh`, { method: 'POST' });
  if (refreshed.status === 404) return [];
  const answer = await fetch(`${url}/${dataStream}/_search?size=10000&sort=time`);
  const { hits } = (await answer.json()) as { hits: { hits: IndexedLine[] } };
  return hits.hits;
};

/** On a busy machine, the first request to a new node may need several attempts. */
const TIMEOUT_MS = 100_000;

/** Polls until the condition is true. @throws Error with what `state` returns */
export const eventually = async (condition: () => boolean, state: () => unknown): Promise<void> => {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`the condition was not met: ${JSON.stringify(state())}`);
    await sleep(20);
  }
};

/** Waits until no line waits any more. */
export const untilShipped = ({ counts }: Pick<LogShipping, 'counts'>): Promise<void> =>
  eventually(() => counts().waiting === 0, counts);
