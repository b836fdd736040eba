import type { Log } from '@ums/kit/log';
import { createPool, type PoolOptions } from '@ums/kit/postgres/pool';
import type pg from 'pg';

/** Two streams and some pages at a time. */
const MAX_CONNECTIONS = 4;

/**
 * The connections that the feed is read on, so that streams never hold one that other reads wait for. They follow indexes
 * only: the planner does not know how many events lie between two positions, and where it expects few, it would collect all of
 * them to sort them, instead of following the order of an index as far as the page goes. The plan is thus the same for all
 * values. Left to choose, the planner would still make it anew for every page of a large feed, because it expects more of an
 * index to be followed for unknown values; that costs as much as the page.
 */
export const feedPool = (
  url: string,
  log: Log,
  options: Pick<PoolOptions, 'max' | 'statementTimeoutMs' | 'connectTimeoutMs'> = {},
): pg.Pool =>
  createPool({
    ...{ url, applicationName: 'query-api-feed', max: MAX_CONNECTIONS, log },
    ...{ indexScansOnly: true, plansOnce: true, ...options },
  });
