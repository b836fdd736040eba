import { Refused } from '../refused.js';
import { noteWait } from '../wait.js';

/** Limits how much of one kind of work a process does at a time. */
export interface Slots {
  /** Takes a slot. @returns what frees it; may be called again. @throws Refused `busy` when all are taken */
  take(): () => void;
}

export interface SlotLimit {
  limit: number;
  /** What the log names when all are taken. */
  work: string;
  /** @default 10 */
  retryAfterSeconds?: number;
}

export const slots = ({ limit, work, retryAfterSeconds = 10 }: SlotLimit): Slots => {
  const taken = new Set<symbol>();
  return {
    take: () => {
      if (taken.size >= limit) {
        const refusal = new Refused('busy', { retryAfterSeconds });
        throw noteWait(refusal, { dependency: work, limit: `${limit} at a time`, waitedMs: 0 });
      }
      const slot = Symbol('slot');
      taken.add(slot);
      return () => void taken.delete(slot);
    },
  };
};
