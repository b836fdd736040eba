import type { Log } from '../log.js';
import { type CheckpointPlace, saveCheckpoint } from './consumerCheckpoint.js';
import type { Progress } from './progress.js';

export interface SavingOptions {
  place: CheckpointPlace;
  logId: string;
  everyMs: number;
  log: Log;
}

/**
 * Saves how far a consumer has come, now and then: a crash repeats what was not saved, and handlers stand a repeat. A
 * failed save is tried again with the next.
 */
export const savingProgress = (progress: Progress, { place, logId, everyMs, log }: SavingOptions) => {
  let saved: bigint | undefined;
  let underWay: Promise<void> | undefined;

  const save = async (): Promise<void> => {
    const reached = progress.reached();
    if (reached === undefined || reached.position === saved) return;
    try {
      await saveCheckpoint(place, reached, logId);
      saved = reached.position;
    } catch (error) {
      log.warn('checkpoint could not be saved', { lane: place.consumer, error });
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
