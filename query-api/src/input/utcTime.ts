/** A `date-time` of RFC 3339 §5.6. Postgres knows no year 0. */
const FORM = /^((?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const YEARS_OF_FOUR_DIGITS = /^(?!0000)\d/;

/**
 * A time of RFC 3339, such as `2026-01-31T13:00:00+01:00`, in UTC and with milliseconds: `2026-01-31T12:00:00.000Z`, so that texts
 * compare as times do. What is below a millisecond is cut off.
 *
 * @returns `undefined` for another text, and for a time that does not exist: `Date` turns February 31 into March 3.
 */
export const utcTime = (text: string): string | undefined => {
  const [, seconds] = FORM.exec(text) ?? [];
  if (seconds === undefined || writtenTime(`${seconds}Z`)?.startsWith(seconds.toUpperCase()) !== true) return undefined;
  const written = writtenTime(text);
  return written !== undefined && YEARS_OF_FOUR_DIGITS.test(written) ? written : undefined;
};

const writtenTime = (text: string): string | undefined => {
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};
