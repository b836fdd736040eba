import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from '@ums/kit/postgres/guardedQuery';

/** Lets requests wait until a projection has passed a position. */
export interface CheckpointWatch {
  /**
   * Resolves to whether the position was reached within `timeoutMs`.
   * @throws DependencyUnavailable
   */
  reached(position: bigint, timeoutMs: number): Promise<boolean>;
}

interface Waiter {
  position: bigint;
  end: number;
  resolve(reached: boolean): void;
  reject(error: unknown): void;
}

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

/**
 * One question serves everybody who waits, and nobody asks while nobody waits: works across processes, needs no
 * connection of its own, and costs the writer nothing.
 */
export const checkpointWatch = (query: Query, projection: string): CheckpointWatch => {
  let waiters: Waiter[] = [];
  let pause = FIRST_PAUSE_MS;
  let watching = false;

  const position = async (): Promise<bigint> => {
    const [row] = await query<{ position: string }>({
      name: 'checkpoint position',
      text: 'select position from read.checkpoint where name = $1',
      values: [projection],
    });
    return BigInt(row?.position ?? -1);
  };

  const settle = (at: bigint, now: number): void => {
    const waiting: Waiter[] = [];
    for (const waiter of waiters) {
      if (waiter.position <= at) waiter.resolve(true);
      else if (waiter.end <= now) waiter.resolve(false);
      else waiting.push(waiter);
    }
    waiters = waiting;
  };

  const watch = async (): Promise<void> => {
    watching = true;
    try {
      while (waiters.length > 0) {
        await sleep(pause);
        pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
        settle(await position(), performance.now());
      }
    } catch (error) {
      for (const waiter of waiters) waiter.reject(error);
      waiters = [];
    } finally {
      watching = false;
    }
  };

  return {
    reached: (wanted, timeoutMs) =>
      new Promise((resolve, reject) => {
        waiters.push({ position: wanted, end: performance.now() + timeoutMs, resolve, reject });
        pause = FIRST_PAUSE_MS;
        if (!watching) void watch();
      }),
  };
};
