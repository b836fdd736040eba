import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, jest } from '@jest/globals';
import { type BreakerOptions, withBreaker } from './breaker.js';
import { DependencyUnavailable } from './dependencyUnavailable.js';
import { waitOf } from './wait.js';

class Conflict extends Error {}
class Outage extends Error {}

const options: BreakerOptions = { timeoutMs: 10_000, isFailure: (error) => error instanceof Outage, resetMs: 60_000 };
const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error: unknown) => error,
  );
const fail = (error: Error) => async () => {
  throw error;
};
const never = () => new Promise<never>(() => undefined);

/** Calls often enough to open the breaker of a failing call. */
const open = async (call: () => Promise<unknown>): Promise<void> => {
  for (let i = 0; i < 5; i += 1) await outcome(call());
};

describe('withBreaker', () => {
  it('passes arguments, results and errors of the call through', async () => {
    const add = withBreaker('sum', async (_signal, a: number, b: number) => a + b, options);
    expect(await add(1, 2)).toBe(3);
    const conflict = new Conflict();
    expect(await outcome(withBreaker('log', fail(conflict), options)())).toBe(conflict);
    const thrown = withBreaker(
      'log',
      () => {
        throw conflict;
      },
      options,
    );
    expect(await outcome(thrown())).toBe(conflict);
  });

  it('F-04 stays closed however many errors are not failures of the dependency', async () => {
    let calls = 0;
    const conflicting = withBreaker(
      'log',
      async () => {
        calls += 1;
        throw new Conflict();
      },
      options,
    );
    const outcomes = await Promise.all(Array.from({ length: 90 }, () => outcome(conflicting())));
    expect(outcomes.every((error) => error instanceof Conflict)).toBe(true);
    expect(await outcome(conflicting())).toBeInstanceOf(Conflict);
    expect(calls).toBe(91);
  });

  it('F-04 opens after failures and then no longer calls the dependency', async () => {
    let calls = 0;
    const failing = withBreaker(
      'ses',
      async () => {
        calls += 1;
        throw new Outage();
      },
      options,
    );
    await open(failing);
    expect(await outcome(failing())).toEqual(new DependencyUnavailable('ses'));
    expect(calls).toBe(5);
  });

  it('F-04 forgets failures after ten seconds, and has no timer while it is not called', async () => {
    jest.useFakeTimers();
    try {
      let calls = 0;
      const failing = withBreaker(
        'ses',
        () => {
          calls += 1;
          return Promise.reject(new Outage());
        },
        options,
      );
      for (let i = 0; i < 4; i += 1) await outcome(failing());
      expect(jest.getTimerCount()).toBe(1);
      await jest.advanceTimersByTimeAsync(11_000);
      expect(jest.getTimerCount()).toBe(0);
      for (let i = 0; i < 4; i += 1) await outcome(failing());
      expect(calls).toBe(8);
      for (let i = 0; i < 2; i += 1) await outcome(failing());
      expect(calls).toBe(9);
    } finally {
      jest.useRealTimers();
    }
  });

  it('F-04 aborts the call that timed out and no other', async () => {
    const signals: AbortSignal[] = [];
    const releases: ((value: string) => void)[] = [];
    const call = withBreaker(
      'ses',
      (signal, slow: boolean) => {
        signals.push(signal);
        return slow ? never() : new Promise<string>((resolve) => releases.push(resolve));
      },
      { ...options, timeoutMs: 20 },
    );
    const slow = outcome(call(true));
    const timedOut = await slow;
    const other = call(false);
    expect(timedOut).toEqual(new DependencyUnavailable('ses'));
    releases[0]?.('done');
    expect(await other).toBe('done');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('F-04 takes an answer that arrived while the process itself was paused', async () => {
    const { port1, port2 } = new MessageChannel();
    // From an immediate, the event loop goes on with timers, and then reads what has arrived.
    await new Promise(setImmediate);
    const answered = outcome(withBreaker('log', () => once(port1, 'message'), { ...options, timeoutMs: 20 })());
    port2.postMessage('done');
    for (const end = performance.now() + 50; performance.now() < end; );
    expect(await answered).toEqual(['done']);
    port1.close();
  });

  it('F-04 counts a time-out as a failure', async () => {
    const hanging = withBreaker('ses', never, { ...options, timeoutMs: 1 });
    await open(hanging);
    expect(await outcome(hanging())).toMatchObject({ cause: { code: 'EOPENBREAKER' } });
  });

  it('F-04 never runs more than maxInFlight calls, including calls that ignore their abort', async () => {
    let running = 0;
    const hanging = withBreaker(
      'ses',
      () => {
        running += 1;
        return never();
      },
      { ...options, timeoutMs: 1, maxInFlight: 5, volume: 1_000 },
    );
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcome(hanging())));
    expect(outcomes.every((error) => error instanceof DependencyUnavailable)).toBe(true);
    expect(await outcome(hanging())).toBeInstanceOf(DependencyUnavailable);
    expect(running).toBe(5);
  });

  it('F-03 notes on each refusal which limit was reached and how long the call waited', async () => {
    const hanging = withBreaker('ses', never, { ...options, timeoutMs: 1, maxInFlight: 1 });
    const timedOut = waitOf(await outcome(hanging()));
    const full = waitOf(await outcome(hanging()));
    const failing = withBreaker('ses', fail(new Outage()), options);
    await open(failing);
    const opened = waitOf(await outcome(failing()));
    expect([timedOut, full, opened]).toEqual([
      { dependency: 'ses', limit: 'no answer within 1 ms', waitedMs: 1 },
      { dependency: 'ses', limit: '1 calls in flight', waitedMs: 0 },
      { dependency: 'ses', limit: 'circuit breaker is open', waitedMs: 0 },
    ]);
  });

  it('accepts another call once a running one ends', async () => {
    const releases: (() => void)[] = [];
    const call = withBreaker('ses', () => new Promise<void>((resolve) => releases.push(resolve)), {
      ...options,
      maxInFlight: 1,
    });
    const first = call();
    expect(await outcome(call())).toBeInstanceOf(DependencyUnavailable);
    releases[0]?.();
    await first;
    const second = call();
    releases[1]?.();
    await expect(second).resolves.toBeUndefined();
  });

  it('tells a call that was refused before it was sent from one that got no answer in time', async () => {
    const hanging = withBreaker('log', never, { ...options, timeoutMs: 20, maxInFlight: 1 });
    const first = outcome(hanging());
    expect(await outcome(hanging())).toMatchObject({ wasCalled: false });
    expect(await first).toMatchObject({ wasCalled: true });
    const failing = withBreaker('log', fail(new Outage()), options);
    await open(failing);
    expect(await outcome(failing())).toMatchObject({ wasCalled: false });
  });

  it('F-04 lets one probe through when half open and closes when it succeeds', async () => {
    let calls = 0;
    let recovered = false;
    let finish = (): void => undefined;
    const call = withBreaker(
      'ses',
      async () => {
        calls += 1;
        if (!recovered) throw new Outage();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
      { ...options, resetMs: 30 },
    );
    await open(call);
    expect(calls).toBe(5);
    recovered = true;
    let probe = outcome(call());
    while (calls === 5) {
      await probe;
      await new Promise(setImmediate);
      probe = outcome(Promise.race([call(), new Promise((resolve) => setImmediate(resolve))]));
    }
    expect(await outcome(call())).toBeInstanceOf(DependencyUnavailable);
    expect(calls).toBe(6);
    finish();
    await new Promise(setImmediate);
    const next = call();
    finish();
    expect(await outcome(next)).toBeUndefined();
    expect(calls).toBe(7);
  });
});
