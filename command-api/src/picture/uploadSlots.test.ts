import { describe, expect, it } from '@jest/globals';
import { type UploadSlot, uploadSlots } from './uploadSlots.js';

const BUSY = expect.objectContaining({ slug: 'busy' });
const TOO_MANY = expect.objectContaining({ slug: 'too-many-uploads' });

/** 16 slots, four for a sender, and a clock that only moves when `advance` is called. */
const testSlots = () => {
  let time = 1_000_000;
  const { take } = uploadSlots({ most: 16, mostPerSender: 4, now: () => time });
  const advance = (ms: number): void => {
    time += ms;
  };
  /** Each of so many sources takes so many slots. */
  const flood = (sources: number, each: number): UploadSlot[] =>
    Array.from({ length: sources * each }, (_, index) => take(`source ${index % sources}`));
  return { take, advance, flood };
};
const isLost = ({ lost }: UploadSlot): boolean => lost.aborted;

describe('uploadSlots', () => {
  it('R-05 refuses more uploads of a sender at once than allowed, and frees each slot once', () => {
    const { take, flood } = testSlots();
    const [slot] = flood(1, 4);
    expect(() => take('source 0')).toThrow(TOO_MANY);
    take('b').free();
    for (let time = 1; time <= 2; time++) slot?.free();
    take('source 0');
    expect(() => take('source 0')).toThrow(TOO_MANY);
  });

  it('R-05 refuses what exceeds the bound of all senders', () => {
    const { take, flood } = testSlots();
    const slots = flood(16, 1);
    expect(() => take('another')).toThrow(BUSY);
    slots[7]?.free();
    take('another');
  });

  it('H-03 gives a newcomer the oldest slot of the sender that has used slots for the longest time', () => {
    const { take, advance, flood } = testSlots();
    const first = take('source 0');
    advance(1);
    const slots = flood(5, 3);
    advance(3_700);
    expect(() => take('another')).toThrow(BUSY);
    advance(100);
    take('another');
    expect([first, ...slots].filter(isLost)).toEqual([first]);
    expect(first.lost.reason).toEqual(BUSY);
  });

  it.each([
    ['four sources with four slots each', 4, 4, 4_000],
    ['16 sources with a slot each', 16, 1, 15_000],
  ])(
    'H-03 lets %s keep all slots for a limited time, whether they drip or start over',
    (_who, sources, each, limitMs) => {
      for (const restartMs of [Number.POSITIVE_INFINITY, 500]) {
        const { take, advance, flood } = testSlots();
        let slots = flood(sources, each);
        for (let passedMs = 0; passedMs < limitMs; passedMs += 500) {
          advance(500);
          if (restartMs > 500) continue;
          for (const slot of slots) slot.free();
          slots = flood(sources, each);
        }
        take('another');
        expect(slots.filter(isLost)).toHaveLength(1);
      }
    },
  );

  it('H-03 lets no sender that has used slots for longer take one from a newcomer', () => {
    const { take, advance, flood } = testSlots();
    flood(4, 4);
    advance(4_000);
    const upload = take('another');
    const refused: unknown[] = [];
    for (let passedMs = 0; passedMs < 30_000; passedMs += 1_000) {
      advance(1_000);
      try {
        take('source 0');
      } catch (error) {
        refused.push(error);
      }
    }
    expect([isLost(upload), refused]).toEqual([false, expect.arrayContaining([BUSY])]);
  });

  it('leaves a sender its slot while others are free, however long it takes', () => {
    const { take, advance, flood } = testSlots();
    const slow = take('a phone on a bad line');
    advance(90_000);
    flood(15, 1);
    expect(isLost(slow)).toBe(false);
  });

  it('takes no slot over whose upload has been received', () => {
    const { take, advance, flood } = testSlots();
    const received = flood(1, 4);
    for (const slot of received) slot.keep();
    advance(60_000);
    Array.from({ length: 12 }, (_, index) => take(`user ${index}`));
    expect(() => take('another')).toThrow(BUSY);
    expect(received.some(isLost)).toBe(false);
  });

  it('counts anew after ten minutes', () => {
    const { take, advance, flood } = testSlots();
    for (const slot of flood(1, 4)) {
      advance(10_000);
      slot.free();
    }
    advance(600_000);
    const rested = flood(1, 4);
    Array.from({ length: 12 }, (_, index) => take(`user ${index}`));
    expect(() => take('another')).toThrow(BUSY);
    expect(rested.some(isLost)).toBe(false);
  });
});
