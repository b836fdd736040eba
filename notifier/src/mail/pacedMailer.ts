import { setTimeout as sleep } from 'node:timers/promises';
import { type Mailer, NotAccepted } from './mailer.js';
import type { SendingPace } from './sendingPace.js';
import type { SendingPause } from './sendingPause.js';
import { pauseReasonOf } from './sesFailure.js';

export interface PacedMailerOptions {
  pace: SendingPace;
  pause: SendingPause;
  /** The longest wait for a turn, in ms. The lease of a mail has to cover it. */
  maxWaitMs: number;
}

/**
 * Sends no faster than the quota allows, and not at all while the provider refuses every mail (F-25). A mail whose turn is too
 * far off was not accepted and comes back later; so does every mail during a pause.
 */
export const pacedMailer = (mailer: Mailer, { pace, pause, maxWaitMs }: PacedMailerOptions): Mailer => ({
  isPaused: pause.isOn,
  send: async (mail) => {
    if (pause.isOn()) throw new NotAccepted();
    const waitMs = pace.take(maxWaitMs);
    if (waitMs === undefined) throw new NotAccepted();
    if (waitMs > 0) await sleep(waitMs);
    // A mail before this one may have begun a pause.
    if (pause.isOn()) throw new NotAccepted();
    try {
      const sent = await mailer.send(mail);
      pause.end();
      return sent;
    } catch (error) {
      const reason = pauseReasonOf(error);
      if (reason !== undefined) pause.begin(reason);
      throw error;
    }
  },
});
