import { invalid } from '@ums/kit/refused';
import { utcTime } from './utcTime.js';

/** What {@link utcTime} takes, for messages. */
export const TIME_FORM = 'a time that exists, with Z or an offset, such as 2026-01-31T12:00:00Z';

/** A time of the query, in UTC and with milliseconds; `undefined` without one. @throws Refused `validation-failed` */
export const timeParameter = (field: string, text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const time = utcTime(text);
  if (time === undefined) throw invalid(field, `must be ${TIME_FORM}`);
  return time;
};
