import { currentType } from '@ums/contracts/stored/stored';
import { invalid } from '@ums/kit/refused';
import { timeParameter } from '../input/timeParameter.js';

/** Columns that a filter compares with a value. The first of them that a filter has chooses the index: it has the fewest events. */
export const FILTER_COLUMNS = ['correlation_id', 'user_id', 'actor_id', 'type'] as const;
export type FilterColumn = (typeof FILTER_COLUMNS)[number];

/** The parameters that select events, as sent. */
export interface AuditFilterParameters {
  user?: string | undefined;
  actor?: string | undefined;
  type?: string | undefined;
  correlation?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Which events the feed shows. */
export interface AuditFilter {
  values: Readonly<Record<FilterColumn, string | undefined>>;
  /** The first and the last time, in ms since 1970; an open end is infinite. `undefined`: at any time. */
  times: readonly [number, number] | undefined;
}

/** @throws Refused `validation-failed` */
export const auditFilter = ({ user, actor, type, correlation, from, to }: AuditFilterParameters): AuditFilter => {
  // A misspelt type would find nothing, which reads as if nothing had happened.
  if (type !== undefined && currentType(type) !== type) throw invalid('type', 'must be the name of a type of event');
  return {
    values: { correlation_id: correlation, user_id: user, actor_id: actor, type },
    times: timesBetween(from, to),
  };
};

const timesBetween = (from: string | undefined, to: string | undefined): AuditFilter['times'] => {
  if (from === undefined && to === undefined) return undefined;
  const first = timeOf('from', from) ?? Number.NEGATIVE_INFINITY;
  const last = timeOf('to', to) ?? Number.POSITIVE_INFINITY;
  if (first > last) throw invalid('to', 'must not be before from');
  return [first, last];
};

const timeOf = (field: string, text: string | undefined): number | undefined => {
  const time = timeParameter(field, text);
  return time === undefined ? undefined : Date.parse(time);
};
