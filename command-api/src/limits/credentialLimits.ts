import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@ums/kit/clock';
import { isUnavailable } from '@ums/kit/postgres/errors';
import { Refused } from '@ums/kit/refused';
import type pg from 'pg';
import { deleteAttempt, markFailed, markSucceeded, startAttempt } from './attemptRow.js';
import { type AttemptBuckets, accountNameOf, attemptBuckets } from './buckets.js';
import { countMail } from './countMail.js';
import type { KnownSource } from './knownSourceRow.js';
import type { LimitSettings } from './limitSettings.js';
import { vaultQueue } from './vaultQueue.js';

/** Limits on guessing and on mails, shared by all processes through the vault. */
export interface CredentialLimits {
  /**
   * Counts an attempt, then runs `check`. The attempt stays counted only when `check` answers false; true also clears the
   * failures of this account from this source. While the attempts in flight leave the verdict open, it waits up to two
   * seconds.
   *
   * @param counted.account what is guessed: `accountNameOf` an address, known or not, or a name for another secret.
   * @returns the answer of `check`.
   * @throws Refused `too-many-attempts` (429) with Retry-After, `busy`; the vault's error when it is down, so that no
   * secret is checked uncounted.
   */
  attempt(counted: { account: string; source: string }, check: () => Promise<boolean>): Promise<boolean>;
  /**
   * Counts a mail to this address for a request from this source.
   *
   * @returns false, and counts it for this address and source only, when a limit over all sources or all addresses is reached: the caller must answer as
   * if a mail were sent.
   * @throws Refused `too-many-attempts` (429) with Retry-After when this source caused as many mails to this address as it
   * may; `busy`.
   */
  allowMail(addressMac: Buffer, source: string): Promise<boolean>;
}

/** The source of a log-in, as the statement that inserts the session stores it. */
export const knownSource = (
  addressKey: Buffer,
  { account, source }: { account: string; source: string },
): KnownSource => {
  const bucketOf = attemptBuckets(addressKey);
  return { account: bucketOf.account(account), source: bucketOf.known(account, source) };
};

export interface LimitDeps {
  vault: pg.Pool;
  clock: Clock;
  addressKey: Buffer;
  settings: LimitSettings;
}

const WAIT_MS = 2_000;
const POLL_MS = 100;
/** Requests of this process that may wait for attempts in flight; more are refused at once. */
const MAX_WAITING = 40;

/** Attempts are counted in the vault. The bounds of the queue and of waiting requests hold for this process alone. */
export const createCredentialLimits = ({ vault, clock, addressKey, settings }: LimitDeps): CredentialLimits => {
  // A queue for each, so that a flood of registrations does not hold up log-ins.
  const [attempts, mails] = [vaultQueue(), vaultQueue()];
  const bucketOf = attemptBuckets(addressKey);
  let waiting = 0;

  const startBeforeDeadline = async (buckets: AttemptBuckets, source: string): Promise<string> => {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const start = await attempts({ purpose: 'attempt', source }, () =>
        startAttempt(vault, buckets, clock.now(), settings),
      );
      if (start.outcome === 'started') return start.id;
      if (start.outcome === 'refused') throw tooMany(start.retryAfterSeconds);
      if (performance.now() >= deadline || waiting >= MAX_WAITING) throw tooMany(1);
      waiting += 1;
      await sleep(POLL_MS * (0.5 + Math.random())).finally(() => {
        waiting -= 1;
      });
    }
  };

  return {
    attempt: async ({ account, source }, check) => {
      const buckets = {
        account: bucketOf.account(account),
        source: bucketOf.source(source),
        known: bucketOf.known(account, source),
      };
      const id = await startBeforeDeadline(buckets, source);
      const passed = await check().catch(async (error: unknown) => {
        // Best effort: the row stops counting after 30 s anyway, and the caller needs the first error. Skipped when the
        // vault is down, because a second query to it would only delay the answer.
        if (!isUnavailable(error)) await deleteAttempt(vault, id).catch(() => undefined);
        throw error;
      });
      await (passed ? markSucceeded(vault, id, buckets) : markFailed(vault, id, clock.now()));
      return passed;
    },
    allowMail: async (addressMac, source) => {
      const buckets = { account: bucketOf.account(accountNameOf(addressMac)), source: bucketOf.source(source) };
      const now = clock.now();
      const count = await mails({ purpose: 'mail', source }, () => countMail(vault, buckets, now, settings));
      if (count.outcome === 'retry-at') throw tooMany((count.at.getTime() - now.getTime()) / 1_000);
      return count.outcome === 'counted';
    },
  };
};

const tooMany = (retryAfterSeconds: number): Refused => new Refused('too-many-attempts', { retryAfterSeconds });
