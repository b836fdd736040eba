import { randomUUID } from 'node:crypto';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { sharedPositions } from '@ums/kit/event-log/sharedPositions';

/** Lets a test stand between a log and all reads of the whole of it. Shares nothing that was read. */
export const readsThrough = (readAll: EventLog['readAll']): Pick<EventLog, 'positions' | 'readAll'> => ({
  readAll,
  positions: async (after, upTo) => {
    const { positions, forget } = sharedPositions(randomUUID(), readAll);
    return positions(after, upTo).finally(forget);
  },
});
