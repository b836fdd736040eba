import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from '@ums/kit/postgres/guardedQuery';

/** Lets requests wait until the checkpoint of a projection reaches a position. */
export interface CheckpointWatch {
  /**
   * Resolves to whether the checkpoint reached the position within `timeoutMs`.
   *
   * @throws DependencyUnavailable
   */
  reached(position: bigint, timeoutMs: number): Promise<boolean>;
}

interface Waiter {
  position: bigint;
  deadline: number;
  resolve(reached: boolean): void;
  reject(error: unknown): void;
}

const MIN_PAUSE_MS = 2;
const MAX_PAUSE_MS = 25;

/**
 * Polls the checkpoint while requests wait; all waiting requests share each poll. Unlike LISTEN/NOTIFY this needs no
 * connection of its own and costs the projector nothing.
 */
export const checkpointWatch = (query: Query, projection: string): CheckpointWatch => {
  let waiters: Waiter[] = [];
  let pause = MIN_PAUSE_MS;
  let polling = false;

  const currentPosition = async (): Promise<bigint> => {
    const [row] = await query<{ position: string }>({
      name: 'find-checkpoint-position',
      text: 'select position from read.checkpoint where name = $1',
      values: [projection],
    });
    return BigInt(row?.position ?? -1);
  };

  const settle = (current: bigint, now: number): void => {
    const remaining: Waiter[] = [];
    for (const waiter of waiters) {
      if (waiter.position <= current) waiter.resolve(true);
      else if (waiter.deadline <= now) waiter.resolve(false);
      else remaining.push(waiter);
    }
    waiters = remaining;
  };

  const poll = async (): Promise<void> => {
    polling = true;
    try {
      while (waiters.length > 0) {
        await sleep(pause);
        pause = Math.min(pause * 1.5, MAX_PAUSE_MS);
        settle(await currentPosition(), performance.now());
      }
    } catch (error) {
      for (const waiter of waiters) waiter.reject(error);
      waiters = [];
    } finally {
      polling = false;
    }
  };

  return {
    reached: (position, timeoutMs) =>
      new Promise((resolve, reject) => {
        waiters.push({ position, deadline: performance.now() + timeoutMs, resolve, reject });
        pause = MIN_PAUSE_MS;
        if (!polling) void poll();
      }),
  };
};
