import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { EventToAppend } from '@ums/kit/event-log/eventLog';

export const anEvent = (type = 'Noted', data: Record<string, unknown> = {}): EventToAppend => ({
  id: randomUUID(),
  type,
  data,
  metadata: { at: '2026-01-01T00:00:00.000Z' },
});

export const aStream = (): string => `mail-${randomUUID()}`;

export const ids = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id);

/** The next `count` events, or fewer when the iterator ends. */
export const take = async (events: AsyncIterableIterator<RecordedEvent>, count: number): Promise<RecordedEvent[]> => {
  const taken: RecordedEvent[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
};
