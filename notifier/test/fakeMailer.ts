import type { Mail, Mailer } from '../src/mail/mailer.js';

/** Result of one `send`: without an error it succeeds. */
export interface PlannedSend {
  error?: Error;
  /** The mail is accepted before the error is thrown: the answer is lost. */
  accepted?: boolean;
}

export interface FakeMailer extends Mailer {
  readonly accepted: readonly Mail[];
  /** Number of calls of `send`. */
  readonly calls: number;
  /** Plans the next sends, in order. */
  plan(...sends: PlannedSend[]): void;
  /** Blocks sends until the returned function is called. */
  hold(): () => void;
  clear(): void;
}

export const fakeMailer = (): FakeMailer => {
  const accepted: Mail[] = [];
  const planned: PlannedSend[] = [];
  let calls = 0;
  let held: Promise<void> | undefined;
  return {
    accepted,
    get calls() {
      return calls;
    },
    plan: (...sends) => {
      planned.push(...sends);
    },
    hold: () => {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => {
        held = undefined;
        release();
      };
    },
    clear: () => {
      accepted.length = 0;
      planned.length = 0;
      calls = 0;
      held = undefined;
    },
    send: async (mail) => {
      calls += 1;
      await held;
      const next = planned.shift();
      if (next?.error !== undefined && !next.accepted) throw next.error;
      accepted.push(mail);
      if (next?.error !== undefined) throw next.error;
      return { messageId: `fake-${calls}` };
    },
  };
};
