import type { EventLog } from '@ums/kit/event-log/eventLog';
import type pg from 'pg';
import { copyOf } from '../projection/copies.js';
import { checkpointOf, type Projection } from '../projection/projection.js';
import { wholeUpTo } from '../projection/wholePlace.js';
import { erasedBy } from './erasedBy.js';
import { pagesAfter } from './pagesAfter.js';

/** Users who are erased by events of a part of the log. */
export interface ErasedAhead {
  keys: ReadonlySet<string>;
  /** Exclusive. */
  after: bigint;
  /** Inclusive. */
  upTo: bigint;
}

const EVENTS_AT_ONCE = 1_000;

/**
 * Reads the events after where the live tables are whole and up to the checkpoint of the rebuilt ones, for `eraseSkipped`. They
 * may be those of days, after an earlier version of the projector has run or while it was stopped, so nothing is locked.
 *
 * @returns `undefined` where one of both has no checkpoint.
 * @throws LogUnavailable; errors of Postgres
 */
export const readErasedAhead = async ({
  projection,
  pool,
  eventLog,
}: {
  projection: Projection;
  pool: pg.Pool;
  eventLog: Pick<EventLog, 'readAll'>;
}): Promise<ErasedAhead | undefined> => {
  const live = await checkpointOf(projection).read(pool);
  const next = await checkpointOf(copyOf(projection, 'next')).read(pool);
  if (live === undefined || next === undefined) return undefined;
  const whole = await wholeUpTo(pool, projection, live);
  const keys = new Set<string>();
  if ('row' in projection || next.position <= whole.position)
    return { keys, after: whole.position, upTo: whole.position };
  for await (const page of pagesAfter(eventLog, whole, EVENTS_AT_ONCE)) {
    for (const key of erasedBy(projection, page, next.position)) keys.add(key);
    if ((page.at(-1)?.position ?? next.position) >= next.position) break;
  }
  return { keys, after: whole.position, upTo: next.position };
};
