import type { GrantPage, GrantStatus, GrantSummary } from '@ums/contracts/http/grant';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { grantStream } from '@ums/contracts/streams';
import { grantSummary } from '@ums/identity/grant/grantBody';
import { type GrantDeps, readSealedGrant } from '@ums/identity/grant/readGrant';
import { readingOnce } from '@ums/identity/grant/readingOnce';
import { UnknownFact } from '@ums/kit/facts/loadFacts';
import type { Log } from '@ums/kit/log';
import type { AuditDeps } from '../audit/auditDeps.js';
import { cutPage, type PageRow } from '../audit/cutPage.js';
import { readConsistently } from '../consistency/readConsistently.js';
import { type CheckpointColumns, pointOf } from '../consistency/snapshot.js';
import { type GrantListRequest, grantStatement } from './grantStatement.js';

/** What grants are listed with. */
export interface GrantListDeps
  extends Pick<GrantDeps, 'eventLog' | 'clock'>,
    Pick<AuditDeps, 'readFeed' | 'auditWatch'> {
  log: Log;
}

interface Row extends CheckpointColumns, PageRow {
  grant_id: string | null;
}

const LOOK_AT = 1_000;
const READ_AT_ONCE = 10;
const STATES: Readonly<Record<GrantStatus, readonly GrantSummary['state'][]>> = {
  waiting: ['asked'],
  open: ['open'],
  ended: ['refused', 'ended'],
};

/**
 * A page of grants with a status, newest first. The read model finds them, and the event log tells what became of each: a grant
 * ends by its time and by what happens to users, too. One that the log does not hold any more, or that cannot be read, is left out.
 *
 * @throws Refused `not-yet-visible`, `validation-failed`; DependencyUnavailable, LogUnavailable
 */
export const listGrants = async (
  deps: GrantListDeps,
  request: Omit<GrantListRequest, 'lookAt'>,
  consistencyToken: string | undefined,
): Promise<GrantPage> => {
  const { status, limit } = request;
  const { ids, next } = await readConsistently(consistencyToken, deps.auditWatch, async () => {
    const found = await deps.readFeed<Row>(grantStatement({ ...request, lookAt: LOOK_AT }, deps.clock.now()));
    const { rows, next: behind } = cutPage(found, limit);
    return { point: pointOf(found[0]), value: { ids: rows.map(({ grant_id }) => grant_id as string), next: behind } };
  });
  const reading = { clock: deps.clock, eventLog: readingOnce(deps.eventLog) };
  const items: GrantSummary[] = [];
  for (let from = 0; from < ids.length; from += READ_AT_ONCE)
    for (const one of await Promise.all(ids.slice(from, from + READ_AT_ONCE).map((id) => summaryOf(deps, reading, id))))
      if (one !== undefined && (status === undefined || STATES[status].includes(one.state))) items.push(one);
  return { items, next };
};

const summaryOf = async (
  { log }: Pick<GrantListDeps, 'log'>,
  reading: Parameters<typeof readSealedGrant>[0],
  id: string,
): Promise<GrantSummary | undefined> => {
  try {
    const read = await readSealedGrant(reading, id);
    return read && grantSummary(id, read);
  } catch (error) {
    if (!(error instanceof Undecodable || error instanceof UnknownFact)) throw error;
    log.error('a grant cannot be read', { stream: grantStream(id), error });
    return undefined;
  }
};
