import { describe, expect, it } from '@jest/globals';
import { type LogPlace, progressTracker } from './progressTracker.js';

const at = (position: number): LogPlace => ({ position: BigInt(position), eventId: `event ${position}` });
const { signal: never } = new AbortController();

describe('progressTracker', () => {
  it('F-24 stays below the lowest unfinished message', () => {
    const progress = progressTracker(10);
    const [first, second, third] = [progress.begin(at(10)), progress.begin(at(20)), progress.begin(at(30))];

    third();
    expect(progress.finishedUpTo()).toBeUndefined();
    first();
    expect(progress.finishedUpTo()).toEqual(at(10));
    second();
    expect(progress.finishedUpTo()).toEqual(at(30));
  });

  it('F-24 moves past events that need no work, but not past an unfinished message', () => {
    const progress = progressTracker(10);
    progress.skip(at(10));
    expect(progress.finishedUpTo()).toEqual(at(10));

    const finish = progress.begin(at(20));
    progress.skip(at(30));
    expect(progress.finishedUpTo()).toEqual(at(10));

    finish();
    expect(progress.finishedUpTo()).toEqual(at(30));
  });

  it('F-12 counts nothing as finished past a message that comes late', () => {
    const progress = progressTracker(10);
    progress.skip(at(10));
    const [finishFirst, finishSecond] = [progress.beginLate(), progress.beginLate()];
    expect(progress.finishedUpTo()).toBeUndefined();
    progress.begin(at(20))();
    finishFirst();
    expect(progress.finishedUpTo()).toBeUndefined();
    finishSecond();
    expect(progress.finishedUpTo()).toEqual(at(20));
  });

  it('F-12 counts a message that comes late before the first unfinished one', () => {
    const progress = progressTracker(10);
    const finish = progress.begin(at(10));
    const finishLate = progress.beginLate();
    finish();
    expect(progress.finishedUpTo()).toBeUndefined();
    finishLate();
    expect(progress.finishedUpTo()).toEqual(at(10));
  });

  it('F-24 has room again when the lowest message is finished, but not when a later one is', async () => {
    const progress = progressTracker(2);
    await progress.room(never);
    const first = progress.begin(at(10));
    const second = progress.begin(at(20));
    let hasRoom = false;
    const waiting = progress.room(never).then(() => {
      hasRoom = true;
    });

    second();
    await Promise.resolve();
    expect(hasRoom).toBe(false);
    first();
    await waiting;
    expect(hasRoom).toBe(true);
  });

  it('F-32 stops waiting for room when its signal aborts', async () => {
    const progress = progressTracker(1);
    progress.begin(at(10));
    const stop = new AbortController();
    const waiting = progress.room(stop.signal);

    stop.abort();

    await waiting;
    await progress.room(stop.signal);
    expect(progress.finishedUpTo()).toBeUndefined();
  });
});
