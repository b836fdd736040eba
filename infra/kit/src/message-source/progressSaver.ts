import type { Log } from '../log.js';
import type { ProgressTracker } from './progressTracker.js';

export interface ProgressSaverOptions<Place> {
  /** Stores the checkpoint. `false` when it was not stored, because more work before it has come up. */
  store: (place: Place) => Promise<unknown>;
  /** Name of the consumer, for the log. */
  lane: string;
  everyMs: number;
  log: Log;
}

/**
 * Saves a consumer's progress at intervals: a crash repeats the messages since the last save, which handlers tolerate. A
 * failed save is retried at the next interval.
 */
export const progressSaver = <Place extends { position?: bigint }>(
  progress: Pick<ProgressTracker<Place>, 'finishedUpTo'>,
  { store, lane, everyMs, log }: ProgressSaverOptions<Place>,
) => {
  let saved: Place | undefined;
  let running: Promise<void> | undefined;

  const save = async (): Promise<void> => {
    const place = progress.finishedUpTo();
    if (place === undefined || place === saved) return;
    try {
      if ((await store(place)) !== false) saved = place;
    } catch (error) {
      const { position } = place;
      log.warn('checkpoint could not be saved', { lane, ...(position === undefined ? {} : { position }), error });
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
