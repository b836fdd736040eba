import { emailChangedMail } from './email-change/emailChangedMail.js';
import { emailChangeMail } from './email-change/emailChangeMail.js';
import { erasureNoticeMail } from './erasure/erasureNoticeMail.js';
import type { MailDefinition } from './mail/mailDefinition.js';
import { confirmationAgainMail } from './registration/confirmationAgainMail.js';
import { confirmationMail } from './registration/confirmationMail.js';

/** Every mail that an event causes. */
export const MAILS: readonly MailDefinition[] = [
  confirmationMail,
  confirmationAgainMail,
  emailChangeMail,
  emailChangedMail,
  erasureNoticeMail,
];
