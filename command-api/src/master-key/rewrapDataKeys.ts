import { setTimeout as sleep } from 'node:timers/promises';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type { MasterKeys } from '@ums/kit/sealing/masterKeys';
import type pg from 'pg';
import { countKeysOfOthers, type KeyRow, lockKeysOfOthers, rewrapKeys } from './wrappedKeyRow.js';

export interface Rewrapping {
  vault: pg.Pool;
  /** Wraps with the new key and unwraps with both. */
  masterKeys: MasterKeys;
  onProgress: (progress: RewrapProgress) => void;
  /** Awaited after each step. Only tests set it, to simulate a crash, or what others do meanwhile. */
  crashPoint?: ((step: RewrapStep) => Promise<void>) | undefined;
}

export interface RewrapProgress {
  /** Data keys wrapped by this run. */
  done: number;
  /** Data keys to be wrapped, as counted at the beginning. */
  total: number;
}

export type RewrapStep = 'batch-locked' | 'batch-written' | 'keys-rewrapped' | 'key-retired' | 'key-proven';

const BATCH = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';
/** Between two passes, when the first one found nothing but rows that others had locked. */
const WAIT_MS = 100;

/**
 * Wraps every data key with the current master key that another one wraps. A batch is a transaction of its own; its rows are
 * locked, so no key that is erased meanwhile comes back. It waits for no lock while it holds others, so it cannot deadlock with
 * an erasure: rows that others hold are left to the next pass.
 *
 * @returns how many it has wrapped, and whether one of them was stored after it had begun.
 * @throws SealBroken for a data key of a third master key, or a damaged one.
 */
export const rewrapDataKeys = async ({
  vault,
  masterKeys,
  onProgress,
  crashPoint = async () => undefined,
}: Rewrapping): Promise<{ done: number; foundNew: boolean }> => {
  const { count: total, now: begun } = await countKeysOfOthers(vault, masterKeys.id);
  let done = 0;
  let foundNew = false;
  onProgress({ done, total });

  const rewrapBatch = (after: string): Promise<KeyRow[]> =>
    withTransaction(vault, async (tx) => {
      const rows = await lockKeysOfOthers(tx, { currentId: masterKeys.id, after, begun, limit: BATCH });
      await crashPoint('batch-locked');
      const rewrapped = rows.map((row) => ({
        subject: row.subject,
        before: row.wrapped,
        ...masterKeys.wrap(row.subject, masterKeys.unwrap(row.subject, row)),
      }));
      if (rows.length > 0) await rewrapKeys(tx, rewrapped, masterKeys.id);
      return rows;
    });

  const pass = async (): Promise<number> => {
    const before = done;
    for (let after = FIRST; ; ) {
      const rows = await rewrapBatch(after);
      const last = rows.at(-1);
      if (last === undefined) return done - before;
      after = last.subject;
      done += rows.length;
      foundNew ||= rows.some(({ isNew }) => isNew);
      await crashPoint('batch-written');
      onProgress({ done, total: Math.max(total, done) });
    }
  };

  while ((await countKeysOfOthers(vault, masterKeys.id)).count > 0) if ((await pass()) === 0) await sleep(WAIT_MS);
  await crashPoint('keys-rewrapped');
  return { done, foundNew };
};
