import { setTimeout as sleep } from 'node:timers/promises';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import type { FactDeps } from '../account/factDeps.js';
import { reconcileToHead } from '../reconciler/reconcileToHead.js';

/** Arbitrary, but unique among the advisory locks of the vault. */
const ADMINISTRATOR_LOCK = 2_390_114_788_205_617n;
const WAIT_MS = 2_000;
const RETRY_MS = 20;
/**
 * Longer than settling up to the head plus four attempts on a slow log. If the transaction timed out earlier, the lock
 * would pass to another process before the work is done.
 */
const IDLE_TIMEOUT = '60s';

/**
 * Runs work that appoints the first administrator or may remove one, under a lock that all processes share and after
 * everything up to the head of the log is settled. The number of administrators in the vault therefore stays correct until the
 * change is settled.
 *
 * Polls for the lock instead of waiting in Postgres: waiting calls would hold the connections that the holder needs.
 *
 * @param work gets the connection that holds the lock.
 * @throws Refused `busy` if the lock is taken for two seconds; DependencyUnavailable if the reconciler lags.
 */
export const withAdministratorLock = async <R>(deps: FactDeps, work: (tx: Transaction) => Promise<R>): Promise<R> => {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const attempt = await withTransaction(deps.vault, async (tx) => {
      if (!(await tryLock(tx))) return undefined;
      await reconcileToHead(deps);
      return { result: await work(tx) };
    });
    if (attempt !== undefined) return attempt.result;
    if (performance.now() >= deadline) {
      const limit = `lock not free within ${WAIT_MS} ms`;
      const refusal = new Refused('busy', { retryAfterSeconds: 1 });
      throw noteWait(refusal, { dependency: 'administrator lock', limit, waitedMs: WAIT_MS });
    }
    await sleep(RETRY_MS);
  }
};

const tryLock = async (tx: Transaction): Promise<boolean> => {
  const { rows } = await tx.query<{ held: boolean }>({
    name: 'try-administrator-lock',
    text: `select pg_try_advisory_xact_lock($1::bigint) as held,
                  set_config('idle_in_transaction_session_timeout', $2, true)`,
    values: [String(ADMINISTRATOR_LOCK), IDLE_TIMEOUT],
  });
  return rows[0]?.held === true;
};
