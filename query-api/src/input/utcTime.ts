/** Postgres knows no year 0. */
const FORM = /^((?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,3})?Z$/;

/**
 * A time such as `2026-01-31T12:00:00Z` with milliseconds: `2026-01-31T12:00:00.000Z`, so that texts compare as times do.
 *
 * @returns `undefined` for another text, and for a time that does not exist: `Date` turns February 31 into March 3.
 */
export const utcTime = (text: string): string | undefined => {
  const [, seconds] = FORM.exec(text) ?? [];
  const time = Date.parse(text);
  if (seconds === undefined || Number.isNaN(time)) return undefined;
  const written = new Date(time).toISOString();
  return written.startsWith(seconds) ? written : undefined;
};
