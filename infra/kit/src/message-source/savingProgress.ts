import type { Log } from '../log.js';
import type { LogPlace, Progress } from './progress.js';

export interface SavingOptions {
  save: (reached: LogPlace) => Promise<void>;
  /** Of the consumer, for the log. */
  lane: string;
  everyMs: number;
  log: Log;
}

/**
 * Saves how far a consumer has come, now and then: a crash repeats what was not saved, and handlers stand a repeat. A
 * failed save is tried again with the next.
 */
export const savingProgress = (progress: Progress, { save: store, lane, everyMs, log }: SavingOptions) => {
  let saved: bigint | undefined;
  let underWay: Promise<void> | undefined;

  const save = async (): Promise<void> => {
    const reached = progress.reached();
    if (reached === undefined || reached.position === saved) return;
    try {
      await store(reached);
      saved = reached.position;
    } catch (error) {
      log.warn('checkpoint could not be saved', { lane, error });
    }
  };
  const timer = setInterval(() => {
    underWay ??= save().finally(() => {
      underWay = undefined;
    });
  }, everyMs);

  return {
    /** Saves a last time and ends. */
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await underWay;
      await save();
    },
  };
};
