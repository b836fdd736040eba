/**
 * Languages that all mails and pages for users exist in, as BCP 47 tags. Never remove one: the log keeps events that name it.
 */
export const LOCALES = ['en', 'de'] as const;

export type Locale = (typeof LOCALES)[number];

/** For clients that ask for no language of {@link LOCALES}, and for events from before there were several. */
export const DEFAULT_LOCALE: Locale = 'en';

export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale);
