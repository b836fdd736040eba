import { describe, expect, it } from '@jest/globals';
import { type LogPlace, progress } from './progress.js';

const at = (position: number): LogPlace => ({ position: BigInt(position), eventId: `event ${position}` });
const { signal: never } = new AbortController();

describe('the progress of a consumer that finishes out of order', () => {
  it('F-24 stays below the lowest unfinished message', () => {
    const made = progress(10);
    const [first, second, third] = [made.begin(at(10)), made.begin(at(20)), made.begin(at(30))];

    third();
    expect(made.reached()).toBeUndefined();
    first();
    expect(made.reached()).toEqual(at(10));
    second();
    expect(made.reached()).toEqual(at(30));
  });

  it('F-24 moves over events that need no work, but not past an unfinished message', () => {
    const made = progress(10);
    made.pass(at(10));
    expect(made.reached()).toEqual(at(10));

    const finish = made.begin(at(20));
    made.pass(at(30));
    expect(made.reached()).toEqual(at(10));

    finish();
    expect(made.reached()).toEqual(at(30));
  });

  it('F-24 has room again when the lowest message is finished, not when another is', async () => {
    const made = progress(2);
    await made.room(never);
    const first = made.begin(at(10));
    const second = made.begin(at(20));
    let room = false;
    const waiting = made.room(never).then(() => {
      room = true;
    });

    second();
    await Promise.resolve();
    expect(room).toBe(false);
    first();
    await waiting;
    expect(room).toBe(true);
  });

  it('F-32 does not wait for room once it is asked to end', async () => {
    const made = progress(1);
    made.begin(at(10));
    const end = new AbortController();
    const waiting = made.room(end.signal);

    end.abort();

    await waiting;
    await made.room(end.signal);
    expect(made.reached()).toBeUndefined();
  });
});
