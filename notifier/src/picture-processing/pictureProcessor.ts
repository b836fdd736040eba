import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { Log } from '@ums/kit/log';
import type { Spend } from '@ums/kit/queue/fairSlots';
import type { ChildLimits } from './pictureChild.js';
import { observePicture } from './pictureDurations.js';
import type { PictureOutcome } from './pictureOutcome.js';
import { pidOf, reusedChild } from './reusedChild.js';

export interface PictureProcessor {
  /**
   * Makes the squares of a picture, after those that came before it.
   * @param spend is told how long it was worked on, in milliseconds; the wait for those before it does not count
   * @throws DependencyUnavailable when no process can be started, and once `close` was called. The picture may be tried again
   * later.
   */
  process(bytes: Uint8Array, spend?: Spend): Promise<PictureOutcome>;
  /** Lets the picture in work finish, within its time limit, and ends the process. Pictures that wait fail. */
  close(): Promise<void>;
}

export interface PictureProcessorOptions extends Partial<ChildLimits> {
  log: Log;
  /** How long processes may work on one picture, in both attempts together. @default 5 s */
  timeLimitMs?: number;
  /** How long a process that has nothing to do is kept. @default 60 s */
  idleMs?: number;
}

const LIMITS: ChildLimits = {
  memoryLimitBytes: 512 * 1_024 * 1_024,
  startLimitMs: 5_000,
  // As the parent: a service that runs from its sources needs the same for this process. A debugger has one port.
  execArgv: process.execArgv.filter((option) => !option.startsWith('--inspect')),
};
const TIME_LIMIT_MS = 5_000;
const IDLE_MS = 60_000;
const ATTEMPTS = 2;

/**
 * Processes pictures in a child process, because a picture may crash the decoder or make it take too long or too much memory
 * (U-03). A picture at which the process crashed or exceeded its memory is tried once more in a new one, within the same time limit:
 * the machine or an earlier picture may have been the cause (F-28).
 */
export const pictureProcessor = ({
  log,
  timeLimitMs = TIME_LIMIT_MS,
  idleMs = IDLE_MS,
  ...limits
}: PictureProcessorOptions): PictureProcessor => {
  const child = reusedChild({ ...LIMITS, ...limits, idleMs, log });
  let last: Promise<unknown> = Promise.resolve();
  let isClosing = false;

  const refuseIfClosing = (): void => {
    if (isClosing) throw new DependencyUnavailable('picture processing');
  };

  const attempted = async (bytes: Uint8Array): Promise<PictureOutcome> => {
    let leftMs = timeLimitMs;
    for (let attempt = 1; ; attempt += 1) {
      refuseIfClosing();
      const running = await child.get();
      refuseIfClosing();
      const begun = performance.now();
      const outcome = await running.resize(bytes, leftMs);
      if (outcome.kind !== 'failed') return outcome;
      leftMs -= performance.now() - begun;
      const { reason } = outcome;
      log.warn('picture process failed', { reason, attempt, ...pidOf(running) });
      if (attempt === ATTEMPTS || reason === 'time-limit') return { kind: 'rejected', reason };
    }
  };

  const timed = async (bytes: Uint8Array, spend: Spend): Promise<PictureOutcome> => {
    const begun = performance.now();
    try {
      const outcome = await attempted(bytes);
      observePicture(outcome, performance.now() - begun);
      return outcome;
    } finally {
      spend(performance.now() - begun);
      child.rest();
    }
  };

  return {
    process: (bytes, spend = () => undefined) => {
      const outcome = last.then(() => timed(bytes, spend));
      last = outcome.catch(() => undefined);
      return outcome;
    },
    close: async () => {
      isClosing = true;
      await last;
      await child.end();
    },
  };
};
