import { counter } from '@ums/kit/metrics';
import type { TemplateName } from './templates/templates.js';

/**
 * What became of a mail. `resent`: asked for again because the first answer got lost; `unanswered`: it got lost now;
 * `unknown`: given up after the second silence.
 */
export type MailFate =
  | 'sent'
  | 'resent'
  | 'not-accepted'
  | 'unanswered'
  | 'unknown'
  | 'dead'
  | 'ended'
  | 'expired'
  | 'silent';

export type CountMail = (fate: MailFate, template?: TemplateName) => void;

const mails = () => counter('ums_mails_total', 'Mails by what became of them.', ['fate', 'template']);

export const countMail: CountMail = (fate, template) => mails().inc({ fate, template: template ?? '' });
