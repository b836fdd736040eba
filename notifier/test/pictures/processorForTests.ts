import { createLog } from '@ums/kit/log';
import { processStart } from '../../../infra/embedded/src/dataFolder/processStart.js';
import type { PictureOutcome } from '../../src/picture-processing/pictureOutcome.js';
import {
  type PictureProcessor,
  type PictureProcessorOptions,
  pictureProcessor,
} from '../../src/picture-processing/pictureProcessor.js';
import { FROM_SOURCES } from './fromSources.js';

export interface TestProcessor extends PictureProcessor {
  /** What was logged: message, and reason if it has one. */
  messages(): string[];
  /** The processes that have started, oldest first. */
  pids(): number[];
  /** The text of all log lines. */
  logged(): string;
}

export interface TestProcessorOptions extends Partial<Omit<PictureProcessorOptions, 'log' | 'execArgv'>> {
  /** Module text that the process runs before its own. */
  preload?: string;
}

/**
 * A processor whose process runs from its sources. Their compilation takes seconds on a busy machine, so the process has a minute
 * to start, and a minute for a picture unless `timeLimitMs` says otherwise.
 */
export const processorForTests = ({ preload, ...options }: TestProcessorOptions = {}): TestProcessor => {
  const lines: string[] = [];
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const preloads = preload === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  const processor = pictureProcessor({
    ...{ log, startLimitMs: 60_000, timeLimitMs: 60_000 },
    ...{ ...options, execArgv: [...preloads, ...FROM_SOURCES] },
  });
  const parsed = () => lines.map((line) => JSON.parse(line) as { msg: string; reason?: string; pid?: number });
  return {
    ...processor,
    messages: () => parsed().map(({ msg, reason }) => (reason === undefined ? msg : `${msg}: ${reason}`)),
    pids: () => parsed().flatMap(({ msg, pid = 0 }) => (msg === 'picture process started' ? [pid] : [])),
    logged: () => lines.join('\n'),
  };
};

/** `processed`, or why the picture was rejected. */
export const resultOf = async (outcome: Promise<PictureOutcome>): Promise<string> => {
  const settled = await outcome;
  return settled.kind === 'processed' ? settled.kind : settled.reason;
};
export const hasEnded = async (pid: number | undefined): Promise<boolean> =>
  pid !== undefined && (await processStart(pid)) === undefined;
