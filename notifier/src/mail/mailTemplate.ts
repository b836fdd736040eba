import type { Locale } from '@ums/contracts/locale';
import type { MailContent } from './content.js';

/** The words of one mail in every language. `Details` are the values that appear in them. */
export interface MailTemplate<Details> {
  /** Name in mail records, metrics and SES tags. It is stored, so it never changes. */
  template: string;
  words: Readonly<Record<Locale, (details: Details) => MailContent>>;
}

/** A mail with its recipient and content, not rendered yet. */
export interface ComposedMail {
  /** Canonical address, as the event contains it (E-08). */
  to: string;
  template: string;
  locale: Locale;
  content: MailContent;
  /** Whether the recipient gets no mail any more. Looked up before the mail is claimed, unless it is known already. */
  isBlocked?: boolean;
}

export type Recipient = Pick<ComposedMail, 'to' | 'locale' | 'isBlocked'>;

/** Composes the content in the recipient's language. */
export const composeMail = <Details>(
  { template, words }: MailTemplate<Details>,
  recipient: Recipient,
  details: Details,
): ComposedMail => ({ ...recipient, template, content: words[recipient.locale](details) });
