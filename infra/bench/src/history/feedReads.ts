import { type AuditFilterParameters, auditFilter } from '@ums/query-api/audit/auditFilter';
import { readAuditPage } from '@ums/query-api/audit/readAuditPage';
import type { Feed } from './openFeed.js';
import { BUSY_SERVICE, BUSY_USER, FREQUENT_TYPE, happenedAt, positionOf, RARE_TYPE, sampleOf } from './seedEvents.js';

export const FEED_READS = [
  ...(['newest page', 'deep page', 'page of a user', 'page of a busy user', 'page of a service'] as const),
  ...(['page of a rare type', 'page of a request', 'page of an hour', 'page without a match'] as const),
] as const;
export type FeedRead = (typeof FEED_READS)[number];

const LIMIT = 50;
const LOOK_AT = 1_000;

/**
 * Reads of the feed by name: `turn` counts the calls, so that they differ.
 *
 * @param events in the feed
 */
export const feedReads = async (
  { pool, query }: Feed,
  events: number,
): Promise<Readonly<Record<FeedRead, (turn: number) => Promise<unknown>>>> => {
  const page = (filter: AuditFilterParameters, order: 'asc' | 'desc' = 'desc', after?: string) =>
    readAuditPage(
      query,
      { order, after, onlyWhole: order === 'asc', limit: LIMIT, lookAt: LOOK_AT },
      auditFilter(filter),
    );
  const someEvent = (turn: number): number => (turn * 7_919) % events;
  const samples = await Promise.all(Array.from({ length: 50 }, (_, turn) => sampleOf(pool, someEvent(turn))));
  const sample = (turn: number) => samples[turn % samples.length];
  return {
    'newest page': () => page({}),
    'deep page': (turn) => page({}, 'asc', positionOf(someEvent(turn))),
    'page of a user': (turn) => page({ user: sample(turn)?.user }),
    'page of a busy user': (turn) => page({ user: BUSY_USER }, 'asc', positionOf(someEvent(turn))),
    'page of a service': (turn) =>
      page({ actor: BUSY_SERVICE, type: FREQUENT_TYPE }, 'desc', positionOf(someEvent(turn))),
    'page of a rare type': (turn) => page({ type: RARE_TYPE }, 'desc', positionOf(someEvent(turn))),
    'page of a request': (turn) => page({ correlation: sample(turn)?.correlation }),
    'page of an hour': (turn) => page({ from: happenedAt(someEvent(turn)), to: happenedAt(someEvent(turn) + 3_600) }),
    'page without a match': (turn) => page({ user: BUSY_USER, type: RARE_TYPE }, 'desc', positionOf(someEvent(turn))),
  };
};
