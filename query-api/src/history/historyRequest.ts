import type { HistoryStream } from '@ums/identity/history/historyEntry';
import { invalid } from '@ums/kit/refused';
import { type Boundary, parseBoundary } from './historyCursor.js';

/** The parameters of a page, as sent. */
export interface HistoryParameters {
  limit: number;
  order: 'asc' | 'desc';
  after?: string | undefined;
  before?: string | undefined;
}

/** The part of a history that a request asks for. */
export interface HistoryRequest {
  streams: readonly HistoryStream[];
  limit: number;
  order: 'asc' | 'desc';
  /** Whether the page is read from its place towards older events. */
  isTowardsOlder: boolean;
  /** `undefined` asks for the first page. */
  from: Boundary | undefined;
}

/** @throws Refused `validation-failed` */
export const historyRequest = (
  { limit, order, after, before }: HistoryParameters,
  streams: readonly HistoryStream[],
): HistoryRequest => {
  if (after !== undefined && before !== undefined) throw invalid('before', 'must not be sent together with after');
  const text = before ?? after;
  const from = text === undefined ? undefined : parseBoundary(text, streams);
  if (text !== undefined && from === undefined)
    throw invalid(before === undefined ? 'after' : 'before', 'is not a cursor of this list');
  return { streams, limit, order, isTowardsOlder: (order === 'desc') === (before === undefined), from };
};
