import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { recentEvents } from './recentEvents.js';

const at = (position: number): RecordedEvent => ({
  id: `event-${position}`,
  stream: 'stream',
  revision: 0n,
  position: BigInt(position),
  type: 'Type',
  data: {},
  metadata: {},
});

/** Capacity 2, begun after position 10, with these events added. */
const holding = (...positions: number[]) => {
  const recent = recentEvents(10n, 2);
  for (const position of positions) recent.add(at(position));
  const after = (position: bigint | undefined) => {
    const events = recent.after(position);
    return events === 'behind' ? events : events.map((event) => Number(event.position));
  };
  return { after };
};

describe('recentEvents', () => {
  it('returns the events after a position', () => {
    const { after } = holding(11, 15, 20);
    expect(after(10n)).toEqual([11, 15, 20]);
    expect(after(11n)).toEqual([15, 20]);
    expect(after(16n)).toEqual([20]);
    expect(after(20n)).toEqual([]);
    expect(after(30n)).toEqual([]);
  });

  it('is behind before its beginning', () => {
    const { after } = holding(11);
    expect(after(9n)).toBe('behind');
    expect(after(undefined)).toBe('behind');
  });

  it('is behind before the oldest event held', () => {
    const { after } = holding(11, 12, 13, 14, 15);
    expect(after(11n)).toBe('behind');
    expect(after(12n)).toEqual([13, 14, 15]);
  });

  it('holds all events of a log followed from its start', () => {
    const recent = recentEvents(undefined, 2);
    expect(recent.after(undefined)).toEqual([]);
    recent.add(at(0));
    recent.add(at(1));
    expect(recent.after(undefined)).toEqual([at(0), at(1)]);
    expect(recent.after(0n)).toEqual([at(1)]);
  });

  it('F-12 drops events that are delivered again', () => {
    expect(holding(9, 10, 11, 11, 12, 11, 12).after(10n)).toEqual([11, 12]);
  });

  it('F-12 puts an event that comes after a newer one into its place, and says so', () => {
    const recent = recentEvents(10n, 2);
    const added = (position: number) => recent.add(at(position));
    expect([11, 13, 12, 12, 14].map(added)).toEqual(['next', 'next', 'late', 'repeated', 'next']);
    expect(recent.after(11n)).toEqual([12, 13, 14].map(at));
    expect([15, 16, 17].map(added)).toEqual(['next', 'next', 'next']);
    // No longer held: late or repeated.
    expect([added(11), added(10)]).toEqual(['late', 'repeated']);
    expect(recent.after(11n)).toBe('behind');
  });
});
