import { counter } from '@ums/kit/metrics';
import type { MailFeedback } from './mailFeedback.js';

/** What was reported about a mail. */
export const FEEDBACK_KINDS = [
  'bounce',
  'complaint',
  'transient-bounce',
  'other',
] as const satisfies readonly MailFeedback['kind'][];

export type CountFeedback = (kind: MailFeedback['kind']) => void;

/** Counts in `ums_mail_feedback_total`. Every kind is exposed from the start, so that a rate includes the first one. */
export const feedbackCounter = (): CountFeedback => {
  const feedback = counter('ums_mail_feedback_total', 'Reports of the mail provider about mails, by kind.', ['kind']);
  for (const kind of FEEDBACK_KINDS) feedback.inc({ kind }, 0);
  return (kind) => feedback.inc({ kind });
};
