import type { Locale } from '@ums/contracts/locale';

const GERMAN_DATE = new Intl.DateTimeFormat('de', { dateStyle: 'long', timeZone: 'UTC' });

const FORMATS: Readonly<Record<Locale, (date: Date, time: string) => string>> = {
  en: (date, time) => `${date.toISOString().slice(0, 10)} ${time} UTC`,
  de: (date, time) => `${GERMAN_DATE.format(date)}, ${time} Uhr (UTC)`,
};

/** A time in the words of a mail. In UTC, because the recipient's time zone is unknown. */
export const toMinute = (date: Date, locale: Locale): string => FORMATS[locale](date, date.toISOString().slice(11, 16));
