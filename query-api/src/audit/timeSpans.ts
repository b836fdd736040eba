import { AUDIT_SPAN_MINUTES } from '@ums/contracts/audit/auditEvent';

/** Spans of one length that follow one another. */
export interface SpanRange {
  /** Length of each. */
  minutes: number;
  /** Number of the first, and of the one after the last. */
  from: number;
  to: number;
}

/** Minutes since 1970 of the first and the last moment that a `Date` can name, give or take a span of the greatest length. */
const FIRST = -144_000_000_000;
const LAST = 144_000_000_000;
const MS = 60_000;

/**
 * The spans that cover a range of times: long ones in the middle, and shorter ones up to both ends, so that they are few however
 * long the range is. They begin less than a minute before it, and end less than a minute behind it.
 *
 * @param times first and last moment, in ms since 1970; may be infinite.
 */
export const timeSpans = ([first, last]: readonly [number, number]): SpanRange[] => {
  let from = Math.max(FIRST, Math.floor(first / MS));
  let to = Math.min(LAST, Math.floor(last / MS)) + 1;
  const ranges: SpanRange[] = [];
  const cover = (minutes: number, begin: number, end: number): void => {
    if (begin < end) ranges.push({ minutes, from: begin / minutes, to: end / minutes });
  };
  for (const [index, minutes] of AUDIT_SPAN_MINUTES.entries()) {
    const longer = AUDIT_SPAN_MINUTES[index + 1];
    const begin = longer === undefined ? to : Math.ceil(from / longer) * longer;
    const end = longer === undefined ? to : Math.floor(to / longer) * longer;
    if (begin >= end) {
      cover(minutes, from, to);
      break;
    }
    cover(minutes, from, begin);
    cover(minutes, end, to);
    [from, to] = [begin, end];
  }
  return ranges;
};
