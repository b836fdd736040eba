import type { MailContent } from './content.js';

/** Languages that mails are written in, as BCP 47 tags. The first one is the fallback. */
export const LANGUAGES = ['en'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The words of one mail. `Details` are the values that appear in them. */
export interface MailTemplate<Details> {
  /** Name in mail records, metrics and SES tags. It is stored, so it never changes. */
  template: string;
  words: Readonly<Record<Language, (details: Details) => MailContent>>;
}

/** A mail with its recipient and content, not rendered yet. */
export interface ComposedMail {
  /** Canonical address, as the event contains it (E-08). */
  to: string;
  template: string;
  language: Language;
  content: MailContent;
}

export interface Recipient {
  to: string;
  /** Preferred language as a BCP 47 tag. Mails fall back to the first of `LANGUAGES`. */
  language?: string;
}

/** Composes the content in the preferred language, or in the first of {@link LANGUAGES}. */
export const composeMail = <Details>(
  { template, words }: MailTemplate<Details>,
  { to, language: preferred }: Recipient,
  details: Details,
): ComposedMail => {
  const language = LANGUAGES.find((available) => available === preferred) ?? LANGUAGES[0];
  return { to, template, language, content: words[language](details) };
};
