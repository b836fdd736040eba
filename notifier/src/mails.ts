import { emailChangedMail } from './email-change/emailChangedMail.js';
import { emailChangeMail } from './email-change/emailChangeMail.js';
import { emailChangeNotice } from './email-change/emailChangeNotice.js';
import { emailChangeUndoneMail } from './email-change/emailChangeUndoneMail.js';
import { emailTakenMail } from './email-change/emailTakenMail.js';
import { erasureNoticeMail } from './erasure/erasureNoticeMail.js';
import type { MailDefinition } from './mail/mailDefinition.js';
import type { MailTemplate } from './mail/mailTemplate.js';
import { requestedMail } from './mail-request/requestedMail.js';
import { passwordChangedMail } from './password/passwordChangedMail.js';
import { passwordResetMail } from './password/passwordResetMail.js';
import { resetRefusedMail } from './password/resetRefusedMail.js';
import { accountExistsMail } from './registration/accountExistsMail.js';
import { addressReservedMail } from './registration/addressReservedMail.js';
import { confirmationMail } from './registration/confirmationMail.js';

/** Every mail that an event causes. */
export const MAILS: readonly MailDefinition[] = [
  confirmationMail,
  requestedMail,
  emailChangeMail,
  emailChangedMail,
  emailChangeUndoneMail,
  passwordChangedMail,
  erasureNoticeMail,
];

/** What the words of any mail may need. */
export interface AnyDetails {
  appName: string;
  link: string;
  expires: Date;
  changedAt: Date;
}

/** Every mail in words, also those that another mail's definition sends in its place. */
export const MAIL_TEMPLATES: readonly MailTemplate<AnyDetails>[] = [
  ...[confirmationMail, accountExistsMail, addressReservedMail],
  ...[emailChangeMail, emailChangeNotice, emailChangedMail, emailChangeUndoneMail, emailTakenMail],
  ...[passwordResetMail, resetRefusedMail, passwordChangedMail],
  erasureNoticeMail,
];
