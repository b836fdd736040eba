import { type Backoff, backoffMs } from '@ums/kit/backoffMs';
import { gauge } from '@ums/kit/metrics';

/** `throttled`: too many mails in a second. `quota`: too many in a day. `suspended`: the provider has stopped the account. */
export const PAUSE_REASONS = ['throttled', 'quota', 'suspended'] as const;

export type PauseReason = (typeof PAUSE_REASONS)[number];

/**
 * Throttling passes in seconds. A quota is refilled bit by bit, and a person has to act on a suspended account: one try every few
 * minutes finds out soon enough that mails are accepted again.
 */
const PAUSES: Readonly<Record<PauseReason, Backoff>> = {
  throttled: { firstMs: 1_000, maxMs: 60_000 },
  quota: { firstMs: 600_000, maxMs: 600_000 },
  suspended: { firstMs: 600_000, maxMs: 600_000 },
};

/** A time in which no mail is sent, because the provider would refuse it. */
export interface SendingPause {
  isOn(): boolean;
  /** Begins a pause, longer after each failure in a row. Mails that were under way when it began do not lengthen it. */
  begin(reason: PauseReason): void;
  /** The provider has accepted a mail. One that was under way when a pause began does not end it. */
  end(): void;
}

/** Shows in `ums_mail_paused` from a refusal until the next accepted mail. @param now monotonic clock in ms. @default performance.now */
export const sendingPause = (now: () => number = () => performance.now()): SendingPause => {
  const paused = gauge('ums_mail_paused', 'Whether the mail provider refuses all mails, by reason.', ['reason']);
  let failures = 0;
  let until = Number.NEGATIVE_INFINITY;
  const show = (current?: PauseReason): void => {
    for (const reason of PAUSE_REASONS) paused.set({ reason }, reason === current ? 1 : 0);
  };
  show();
  return {
    isOn: () => now() < until,
    begin: (reason) => {
      if (now() < until) return;
      failures += 1;
      until = now() + backoffMs(failures, PAUSES[reason]);
      show(reason);
    },
    end: () => {
      if (failures === 0 || now() < until) return;
      failures = 0;
      until = Number.NEGATIVE_INFINITY;
      show();
    },
  };
};
