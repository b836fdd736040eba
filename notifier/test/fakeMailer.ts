import type { Mail, Mailer } from '../src/mail/mailer.js';

/** What becomes of one send; without an error, nothing. `after` = accepted first, and the answer is lost. */
export interface Mishap {
  error?: Error;
  after?: boolean;
}

export interface FakeMailer extends Mailer {
  /** All that was accepted. */
  readonly accepted: readonly Mail[];
  /** How often it was asked. */
  readonly asked: number;
  /** One mishap a send, in order. */
  mishaps(...mishaps: Mishap[]): void;
  /** Sends wait until the function given back is called. */
  hold(): () => void;
  /** Forgets everything, for the next test. */
  clear(): void;
}

export const fakeMailer = (): FakeMailer => {
  const accepted: Mail[] = [];
  const planned: Mishap[] = [];
  let asked = 0;
  let held: Promise<void> | undefined;
  return {
    accepted,
    get asked() {
      return asked;
    },
    mishaps: (...mishaps) => {
      planned.push(...mishaps);
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
      asked = 0;
      held = undefined;
    },
    send: async (mail) => {
      asked += 1;
      await held;
      const mishap = planned.shift();
      if (mishap?.error !== undefined && !mishap.after) throw mishap.error;
      accepted.push(mail);
      if (mishap?.error !== undefined) throw mishap.error;
      return { messageId: `fake-${asked}` };
    },
  };
};
