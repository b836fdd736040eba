import type { Moment } from '@ums/contracts/history/profileAsOf';
import { invalid } from '@ums/kit/refused';
import { TIME_FORM } from '../input/timeParameter.js';
import { utcTime } from '../input/utcTime.js';

/** Later than every event. */
export const NOW: Moment = { time: '9999-12-31T23:59:59.999Z' };

/** The moment that `asOf` names: a revision, or a time in RFC 3339. @throws Refused `validation-failed` */
export const momentOf = (asOf: string): Moment => {
  if (/^(0|[1-9]\d{0,14})$/.test(asOf)) return { revision: BigInt(asOf) };
  const time = utcTime(asOf);
  if (time === undefined) throw invalid('asOf', `must be a revision, or ${TIME_FORM}`);
  return { time };
};
