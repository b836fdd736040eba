import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { vaultQueue } from '@ums/identity/limits/vaultQueue';
import type { Clock } from '@ums/kit/clock';
import { waitAfterLog } from '@ums/kit/event-log/afterLogTimeout';
import { isUnavailable } from '@ums/kit/postgres/errors';
import { Refused } from '@ums/kit/refused';
import type pg from 'pg';
import { deleteAttempt, markFailed, markSucceeded, startAttempt, trustSource } from './attemptRow.js';
import {
  type AttemptBuckets,
  attemptBuckets,
  attemptBucketsOf,
  type Counted,
  type MailAbout,
  mailNameOf,
  type StartedAttempt,
} from './buckets.js';
import { type MailCount, type MailCountValues, mailCountValues, uncountMail } from './countMail.js';
import type { LimitSettings } from './limitSettings.js';

/** Limits on guessing and on mails, shared by all processes through the vault. */
export interface CredentialLimits {
  /**
   * Counts an attempt, then runs `check`. The attempt stays counted only when `check` answers false; true also clears the
   * failures of this account from this source. While the attempts in flight leave the verdict open, it waits up to two
   * seconds.
   *
   * @returns the answer of `check`.
   * @throws Refused `too-many-attempts` (429) with Retry-After, `busy`; the vault's error when it is down, so that no
   * secret is checked uncounted.
   */
  attempt(counted: Counted, check: () => Promise<boolean>): Promise<boolean>;
  /**
   * As `attempt`, but when `check` answers true, the attempt stays in flight and `passed` runs, which must clear it: with
   * `clearAttempt` in a statement that it sends anyway, or with `clear`. If it throws, the attempt is cleared here.
   *
   * @returns the answer of `passed`, `undefined` when `check` answers false.
   */
  attemptThen<T>(
    counted: Counted,
    check: () => Promise<boolean>,
    passed: (attempt: StartedAttempt) => Promise<T>,
  ): Promise<T | undefined>;
  /**
   * Does what a log-in does for its source, when a user has proven themselves otherwise: stops counting the failures of the account
   * from it, and makes it a known one, so that the failures of other sources do not delay it.
   */
  trustSource(counted: Omit<Counted, 'proof'>, userId: string): Promise<void>;
  /**
   * Counts a mail to this address for a request from this source, in the statement that stores what the mail is about.
   *
   * @param about the mail; each kind has counts of its own for the address, and one for the source over all addresses.
   * @param store sends a statement with `countMail`. It must store nothing when `retry_at` is set.
   * @returns `counted: false`, and counts it for this source only, when the limit of the address over all sources is reached, which is
   * one for a first change: the caller must answer as if a mail were sent.
   * @throws Refused `too-many-attempts` (429) with Retry-After when this source caused as many mails as it may, to this
   * address or to all addresses; `busy`.
   */
  allowMail(
    about: MailAbout,
    source: string,
    store: (values: MailCountValues) => Promise<MailCount>,
  ): Promise<CountedMail>;
}

export interface CountedMail {
  counted: boolean;
  /** Counts it no more, because no mail follows. @throws the vault's error when it is down */
  giveBack(): Promise<void>;
}

export interface LimitDeps {
  vault: pg.Pool;
  clock: Clock;
  addressKey: KeyObject;
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

  const attemptThen: CredentialLimits['attemptThen'] = async (counted, check, passed) => {
    const buckets = attemptBucketsOf(bucketOf, counted);
    const id = await startBeforeDeadline(buckets, counted.source);
    if (!(await check().catch(cleanUp(() => deleteAttempt(vault, id))))) {
      await markFailed(vault, id, clock.now());
      return undefined;
    }
    const clear = () => markSucceeded(vault, { id, ...buckets });
    return passed({ id, ...buckets, clear }).catch(cleanUp(clear));
  };

  return {
    attemptThen,
    attempt: async (counted, check) => {
      const passed = await attemptThen(counted, check, async ({ clear }) => {
        await clear();
        return true;
      });
      return passed === true;
    },
    trustSource: (counted, userId) => trustSource(vault, attemptBucketsOf(bucketOf, counted), userId, clock.now()),
    allowMail: async (about, source, store) => {
      const buckets = { account: bucketOf.account(mailNameOf(about)), source: bucketOf.source(source) };
      const now = clock.now();
      const bounds = about.kind === 'first-change' ? { ...settings, mailsPerAddress: 1 } : settings;
      const values = mailCountValues(buckets, now, bounds);
      const { counted, retry_at: retryAt } = await mails({ purpose: 'mail', source }, () => store(values));
      if (retryAt !== null) throw tooMany((retryAt.getTime() - now.getTime()) / 1_000);
      return { counted, giveBack: () => uncountMail(vault, values, counted) };
    },
  };
};

/**
 * Ends an attempt after an error, and throws the error. Best effort: the row stops counting after 30 s anyway. Skipped when
 * the vault is down, because a second query to it would only delay the answer; the vault may also hang beside the log.
 */
const cleanUp =
  (end: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    if (!isUnavailable(error)) await waitAfterLog(end());
    throw error;
  };

const tooMany = (retryAfterSeconds: number): Refused => new Refused('too-many-attempts', { retryAfterSeconds });
