import { setTimeout as sleep } from 'node:timers/promises';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../commandDeps.js';
import { reconcilerAtHead } from '../reconciler/reconcilerPosition.js';

/** Any 64-bit number; only the power of administrators uses this one. */
const ADMINISTRATOR_LOCK = 2_390_114_788_205_617n;
const WAIT_MS = 2_000;
const RETRY_MS = 20;
/** Longer than the keeper and four tries at a slow log can take: ended for idling, the lock would be another's half way. */
const LONGEST_WORK = '60s';

/**
 * Runs what grants the first administrator's power or takes one's, alone in the whole system and with the vault knowing
 * all that the log says: so that the count of administrators stays true until the deed is settled.
 *
 * Asks for the lock instead of waiting in line for it: those who wait would hold the connections that the holder needs.
 *
 * @param work gets the connection that holds the lock: what it counts there was counted under the lock.
 * @throws Refused `busy` when others hold the lock for two seconds; DependencyUnavailable when the keeper lags.
 */
export const withAdministratorLock = async <R>(deps: FactDeps, work: (tx: Transaction) => Promise<R>): Promise<R> => {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const attempt = await withTransaction(deps.vault, async (tx) => {
      if (!(await held(tx))) return undefined;
      await reconcilerAtHead(deps);
      return { result: await work(tx) };
    });
    if (attempt !== undefined) return attempt.result;
    if (performance.now() >= deadline) throw new Refused('busy', { retryAfterSeconds: 1 });
    await sleep(RETRY_MS);
  }
};

const held = async (tx: Transaction): Promise<boolean> => {
  const { rows } = await tx.query<{ held: boolean }>(
    `select pg_try_advisory_xact_lock($1::bigint) as held,
            set_config('idle_in_transaction_session_timeout', $2, true)`,
    [String(ADMINISTRATOR_LOCK), LONGEST_WORK],
  );
  return rows[0]?.held === true;
};
