import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@ums/kit/clock';
import { isUnavailable } from '@ums/kit/postgres/errors';
import { Refused } from '@ums/kit/refused';
import type pg from 'pg';
import { type Attempted, deleteAttempt, markFailed, markSucceeded, takeAttempt, takeMail } from './attempts.js';
import { boundedQueue } from './boundedQueue.js';
import { accountOf, bucketsOf } from './buckets.js';
import type { LimitNumbers } from './limitNumbers.js';

/** Limits of guessing and of mailing, shared by all processes through the vault. */
export interface CredentialLimits {
  /**
   * Counts an attempt before `check` runs, and gives it back unless `check` answers false; true also forgets the failures
   * of this account from this source. Where too many are in flight to know, it waits up to two seconds.
   *
   * @param who.account what is guessed at: `accountOf` an address, which need not be anybody's, or the name of another secret.
   * @throws Refused `too-many-attempts` (429) with Retry-After. Whatever the vault throws when it is down: fails closed.
   */
  attempt(who: { account: string; source: string }, check: () => Promise<boolean>): Promise<boolean>;
  /** Whether another mail may go to this address from this source; counts it if so. */
  allowMail(addressMac: Buffer, source: string): Promise<boolean>;
}

export interface LimitDeps {
  vault: pg.Pool;
  clock: Clock;
  addressKey: Buffer;
  numbers: LimitNumbers;
}

const WAIT_MS = 2_000;
const POLL_MS = 100;
/** Requests of this process that may wait for others in flight; more are refused at once. */
const MOST_WAITING = 40;
/** One at a time, so that a flood of guesses holds one of the vault's connections, not all. */
const ONE_AT_A_TIME = { running: 1, waiting: 500, hopeless: isUnavailable };

export const createCredentialLimits = ({ vault, clock, addressKey, numbers }: LimitDeps): CredentialLimits => {
  const inLine = boundedQueue(ONE_AT_A_TIME);
  const buckets = bucketsOf(addressKey);
  let waiting = 0;

  const taken = async (who: Attempted): Promise<string> => {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const verdict = await inLine(() => takeAttempt(vault, who, clock.now(), numbers));
      if (verdict.outcome === 'taken') return verdict.id;
      if (verdict.outcome === 'refused') throw tooMany(verdict.retryAfterSeconds);
      if (performance.now() >= deadline || waiting >= MOST_WAITING) throw tooMany(1);
      waiting += 1;
      await sleep(POLL_MS * (0.5 + Math.random())).finally(() => {
        waiting -= 1;
      });
    }
  };

  return {
    attempt: async ({ account, source }, check) => {
      const who = { account: buckets.account(account), source: buckets.source(source) };
      const id = await taken(who);
      const right = await check().catch(async (error: unknown) => {
        // The row counts half a minute at most; what went wrong first is what the caller must hear of, and not only after
        // a vault that has just failed has failed again.
        if (!isUnavailable(error)) await deleteAttempt(vault, id).catch(() => undefined);
        throw error;
      });
      await (right ? markSucceeded(vault, id, who) : markFailed(vault, id, clock.now()));
      return right;
    },
    allowMail: (addressMac, source) => {
      const who = { account: buckets.account(accountOf(addressMac)), source: buckets.source(source) };
      return inLine(() => takeMail(vault, who, clock.now(), numbers));
    },
  };
};

const tooMany = (retryAfterSeconds: number): Refused => new Refused('too-many-attempts', { retryAfterSeconds });
