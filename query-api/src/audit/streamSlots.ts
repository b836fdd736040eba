import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';

/** Limits how many streams a process sends at a time. */
export interface StreamSlots {
  /** Takes a slot. @returns what frees it; may be called again. @throws Refused `busy` when all are taken */
  take(): () => void;
}

const RETRY_SECONDS = 10;

export const streamSlots = (limit: number): StreamSlots => {
  const taken = new Set<symbol>();
  return {
    take: () => {
      if (taken.size >= limit) {
        const refusal = new Refused('busy', { retryAfterSeconds: RETRY_SECONDS });
        throw noteWait(refusal, { dependency: 'streams of events', limit: `${limit} streams`, waitedMs: 0 });
      }
      const slot = Symbol('slot');
      taken.add(slot);
      return () => void taken.delete(slot);
    },
  };
};
