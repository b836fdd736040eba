/** Postgres knows no year 0. */
const FORM =
  /^((?!0000)\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?:(:\d\d)(\.\d{1,9})?)?(?: ?(Z|UTC|[+-]\d\d:?\d\d)| (\d\d:?\d\d))$/;
const LAST_OFFSET = '23:59';
const YEARS_OF_FOUR_DIGITS = /^(?!0000)\d/;

/**
 * A time of RFC 3339 §5.6, such as `2026-01-31T13:00:00+01:00`, in UTC and with milliseconds: `2026-01-31T12:00:00.000Z`, so that
 * texts compare as times do. What is below a millisecond is cut off.
 *
 * Takes also what generated clients write: an offset without a colon (Python), blanks around the time of day (Ruby), and no
 * seconds where there are none (Java). A blank for `+` comes from a client that did not encode it.
 *
 * @returns `undefined` for another text, and for a time that does not exist: `Date` turns February 31 into March 3.
 */
export const utcTime = (text: string): string | undefined => {
  const parts = FORM.exec(text.toUpperCase());
  if (parts === null) return undefined;
  const [, date, minutes, seconds = ':00', fraction = '', zone, east] = parts;
  const local = `${date}T${minutes}${seconds}`;
  const offset = offsetOf(zone ?? `+${east}`);
  if (offset === undefined || writtenTime(`${local}Z`)?.startsWith(local) !== true) return undefined;
  const written = writtenTime(local + fraction + offset);
  return written !== undefined && YEARS_OF_FOUR_DIGITS.test(written) ? written : undefined;
};

const offsetOf = (zone: string): string | undefined => {
  if (zone === 'Z' || zone === 'UTC') return 'Z';
  const [, sign, hours, minutes] = /^([+-])(\d\d):?([0-5]\d)$/.exec(zone) ?? [];
  const offset = `${hours}:${minutes}`;
  return sign === undefined || offset > LAST_OFFSET ? undefined : sign + offset;
};

const writtenTime = (text: string): string | undefined => {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};
