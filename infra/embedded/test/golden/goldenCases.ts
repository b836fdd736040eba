import type { AppendToStreamOptions, EventStoreDBClient } from '@eventstore/db-client';

/** Cases by name, in the order in which they run: each makes calls and returns what is compared of their results. */
export type GoldenCases = Readonly<Record<string, (client: EventStoreDBClient, url: string) => Promise<unknown>>>;

/** With call credentials, the client sends an append as a call of its own (Append); without, in a shared stream (BatchAppend). */
const APPEND_METHODS: Readonly<Record<string, AppendToStreamOptions>> = {
  batch: {},
  unary: { credentials: { username: 'admin', password: 'changeit' } },
};
export const UNARY = APPEND_METHODS.unary;

/** The same cases for each append method; `options` select the method, which the names of the cases end with. */
export const forEachAppendMethod = (
  casesFor: (method: string, options: AppendToStreamOptions) => GoldenCases,
): GoldenCases =>
  Object.fromEntries(
    Object.entries(APPEND_METHODS).flatMap(([method, options]) => Object.entries(casesFor(method, options))),
  );
