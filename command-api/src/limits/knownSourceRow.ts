import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** A source counts as known for this long after the last log-in from it, or what counts as one. */
export const KNOWN_SOURCE_MS = 90 * 86_400_000;
/** More are not kept for one account; the one used longest ago is dropped. */
const MAX_KNOWN_SOURCES = 10;

/**
 * Common table expressions that remember the source of a log-in or of a confirmation, for the statement that inserts the session or
 * activates the account. `holder` must give the `user_id` when that succeeds; the numbers are those of the statement's parameters.
 * Skips rows that another log-in is writing, because waiting for them could deadlock; the next log-in drops what remains. `dropped`
 * reads `known`, so that Postgres writes the own row first. It may wait for that row, and must hold no dropped row meanwhile.
 */
export const rememberSource = ({ source, at }: Record<'source' | 'at', number>): string => `
  known as (
    insert into known_source (account, source, user_id, at)
    select uuid_send(user_id), source_of_user($${source}::bytea, user_id), user_id, $${at}::timestamptz from holder
    on conflict (account, source) do update set at = excluded.at
    returning source),
  dropped as (
    delete from known_source where (account, source) in (
      select account, source from known_source join (
        select account, source from known_source join holder using (user_id)
        where source <> (select source from known)
        order by at desc offset ${MAX_KNOWN_SOURCES - 1}) as old using (account, source)
      for update of known_source skip locked))`;

export const deleteKnownSourcesOf = (tx: Transaction, userId: string) =>
  tx.query({
    name: 'delete-known-sources-of-user',
    text: 'delete from known_source where user_id = $1',
    values: [userId],
  });

/** Deletes sources from which there was no log-in for 90 days. */
export const sweepKnownSources = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-known-sources',
      text: `delete from known_source where ctid = any(array(
               select ctid from known_source where at <= $1 order by at limit $2 for update skip locked))`,
      values: [new Date(now.getTime() - KNOWN_SOURCE_MS), limit],
    }),
  );
