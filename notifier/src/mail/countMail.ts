import { counter } from '@ums/kit/metrics';

/**
 * What happened to a mail. `resent`: sent a second time because the first answer was lost; `unanswered`: the answer was
 * lost; `unknown`: given up after two lost answers.
 */
export type MailResult =
  | 'sent'
  | 'resent'
  | 'not-accepted'
  | 'unanswered'
  | 'unknown'
  | 'dead'
  | 'ended'
  | 'expired'
  | 'silent'
  | 'undeliverable';

export type CountMail = (result: MailResult, template?: string) => void;

const mails = () => counter('ums_mails_total', 'Mails by result and template.', ['fate', 'template']);

/** Makes the series that an alert watches: it would not see the first mail that is given up if its series began with that. */
export const exposeGivenUp = (): void => mails().inc({ fate: 'unknown', template: '' }, 0);

/** Counts in `ums_mails_total`. Without a template the label is empty. */
export const countMail: CountMail = (result, template) => mails().inc({ fate: result, template: template ?? '' });
