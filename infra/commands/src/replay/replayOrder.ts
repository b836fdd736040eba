export const FORMATS = ['ndjson', 'csv', 'table'] as const;
export type ReplayFormat = (typeof FORMATS)[number];

/** What to replay, and how to print it. */
export type ReplayOrder = { format: ReplayFormat } & (HistoryOrder | ProfileOrder | EventsOrder);

export interface HistoryOrder {
  kind: 'history';
  userId: string;
  grantId: string | undefined;
  /** A cursor of the history. */
  after: string | undefined;
}

export interface ProfileOrder {
  kind: 'profile';
  userId: string;
  grantId: string | undefined;
  /** A revision, or a time in RFC 3339. */
  asOf: string;
}

export interface EventsOrder {
  kind: 'events';
  /** Both positions belong to the range. */
  range: { from: bigint; to: bigint } | undefined;
  correlation: string | undefined;
  /** A position. */
  after: string | undefined;
}
