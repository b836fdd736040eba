import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { holderPlaces } from './holderPlaces.js';

const TOO_MANY = expect.objectContaining({ slug: 'too-many-requests', details: { retryAfterSeconds: 1 } });
const here = (): AbortSignal => new AbortController().signal;
const bounds = { running: 2, waiting: 2, waitMs: 3_000 };

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Two places taken by `a`, and what waits behind them, by name. */
const full = (waiting: string[] = [], gone = here) => {
  const places = holderPlaces(bounds);
  for (let taken = 0; taken < bounds.running; taken += 1) expect(places.enter('a', gone)).toBeUndefined();
  const outcomes: unknown[] = [];
  for (const name of waiting)
    void places.enter('a', gone)?.then(
      () => outcomes.push(name),
      (error: unknown) => outcomes.push(error),
    );
  return { places, outcomes, leave: () => places.leave('a') };
};
/** Lets everything run that waits for no timer. */
const settle = () => jest.advanceTimersByTimeAsync(0);

describe('places of holders', () => {
  it('R-11 let others in while one holder has all of its own', () => {
    const { places } = full(['first', 'second']);
    expect(places.enter('b', here)).toBeUndefined();
    expect(() => places.enter('a', here)).toThrow(TOO_MANY);
    expect(places.enter('b', here)).toBeUndefined();
  });

  it('R-11 pass to the work of the holder that waits, in order of arrival', async () => {
    const { leave, outcomes } = full(['first', 'second']);
    await settle();
    expect(outcomes).toEqual([]);
    leave();
    await settle();
    expect(outcomes).toEqual(['first']);
    leave();
    await settle();
    expect(outcomes).toEqual(['first', 'second']);
  });

  it('R-11 are refused after the longest wait, and the place goes to the next', async () => {
    const { places, leave, outcomes } = full(['first']);
    await jest.advanceTimersByTimeAsync(1_000);
    const second = places.enter('a', here);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(outcomes).toEqual([TOO_MANY]);
    leave();
    await expect(second).resolves.toBeUndefined();
  });

  it('R-11 are refused one after the other to what came at once', async () => {
    jest.spyOn(Math, 'random').mockReturnValueOnce(0.8);
    const { outcomes } = full(['first', 'second']);
    await jest.advanceTimersByTimeAsync(2_599);
    expect(outcomes).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(outcomes).toEqual([TOO_MANY]);
    await jest.advanceTimersByTimeAsync(400);
    expect(outcomes).toEqual([TOO_MANY, TOO_MANY]);
  });

  it('R-12 are waited for longer behind a long line, where refusals are bounded', async () => {
    const places = holderPlaces({ running: 1, waiting: 20, waitMs: 1_000, refusedPerSecond: 5 });
    let refused = 0;
    expect(places.enter('a', here)).toBeUndefined();
    for (let waiting = 0; waiting < 20; waiting += 1) places.enter('a', here)?.catch(() => (refused += 1));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(refused).toBe(6);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(refused).toBe(11);
    await jest.advanceTimersByTimeAsync(1_800);
    expect(refused).toBe(20);
  });

  it('F-03 are no longer waited for after a failure that would hit all, and can be taken again', async () => {
    const { places, outcomes } = full(['first', 'second']);
    const down = new Error('down');
    places.leave('a', down);
    await settle();
    expect(outcomes).toEqual([down, down]);
    expect(jest.getTimerCount()).toBe(0);
    expect(places.enter('a', here)).toBeUndefined();
    expect(places.enter('a', here)).toBeInstanceOf(Promise);
  });

  it('R-11 are waited for no longer by who is gone, whose place in the line is free', async () => {
    const leaving = new AbortController();
    const { places, outcomes } = full(['first', 'second'], () => leaving.signal);
    leaving.abort();
    await settle();
    expect(outcomes).toEqual([TOO_MANY, TOO_MANY]);
    expect(jest.getTimerCount()).toBe(0);
    expect(places.enter('a', here)).toBeInstanceOf(Promise);
  });

  it('R-11 are not waited for by who is gone before', async () => {
    const { outcomes, leave, places } = full(['gone'], () => AbortSignal.abort());
    await settle();
    expect(outcomes).toEqual([TOO_MANY]);
    leave();
    expect(places.enter('a', here)).toBeUndefined();
  });

  it('can be taken again once they were given back, as many as before', async () => {
    const { places, leave } = full();
    for (let given = 0; given < bounds.running; given += 1) leave();
    // Once more than was taken must not add a place.
    leave();
    for (let taken = 0; taken < bounds.running; taken += 1) expect(places.enter('a', here)).toBeUndefined();
    expect(places.enter('a', here)).toBeInstanceOf(Promise);
  });

  it('ask whether the work is still waited for only if it has to wait', () => {
    const places = holderPlaces(bounds);
    const gone = jest.fn(here);
    for (let taken = 0; taken < bounds.running; taken += 1) expect(places.enter('a', gone)).toBeUndefined();
    expect(gone).not.toHaveBeenCalled();
    void places.enter('a', gone);
    expect(gone).toHaveBeenCalledTimes(1);
  });
});
