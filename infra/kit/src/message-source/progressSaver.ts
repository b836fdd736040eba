import type { Log } from '../log.js';
import type { LogPlace, ProgressTracker } from './progressTracker.js';

export interface ProgressSaverOptions {
  /** Stores the checkpoint. */
  store: (place: LogPlace) => Promise<void>;
  /** Name of the consumer, for the log. */
  lane: string;
  everyMs: number;
  log: Log;
}

/**
 * Saves a consumer's progress at intervals: a crash repeats the messages since the last save, which handlers tolerate. A
 * failed save is retried at the next interval.
 */
export const progressSaver = (progress: ProgressTracker, { store, lane, everyMs, log }: ProgressSaverOptions) => {
  let savedPosition: bigint | undefined;
  let running: Promise<void> | undefined;

  const save = async (): Promise<void> => {
    const place = progress.finishedUpTo();
    if (place === undefined || place.position === savedPosition) return;
    try {
      await store(place);
      savedPosition = place.position;
    } catch (error) {
      log.warn('checkpoint could not be saved', { lane, position: place.position, error });
    }
  };
  const timer = setInterval(() => {
    running ??= save().finally(() => {
      running = undefined;
    });
  }, everyMs);

  return {
    /** Saves a last time and stops. */
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await running;
      await save();
    },
  };
};
