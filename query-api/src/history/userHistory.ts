import type { HistoryPage } from '@ums/contracts/http/history';
import type { Principal } from '@ums/identity/principal';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { HistoryStream } from './historyCursor.js';
import type { HistoryDeps } from './historyDeps.js';
import { type HistoryParameters, historyRequest } from './historyRequest.js';
import { orUnavailable } from './orUnavailable.js';
import { readHistory } from './readHistory.js';
import { grantInForce, recorded } from './readsOfOthers.js';
import { ownSight, sightOf } from './sightOf.js';

export interface HistoryQuery extends HistoryParameters {
  include?: 'sessions' | undefined;
}

/** A request for data of another person. */
export interface AskedByOther {
  reader: Principal;
  userId: string;
  grantId: string | undefined;
  origin: RequestOrigin;
}

const streamsOf = ({ include }: HistoryQuery): HistoryStream[] =>
  include === 'sessions' ? ['user', 'signin'] : ['user'];

/**
 * A page of the history of any user, erased ones too, for an auditor or an administrator. Personal values are masked unless the
 * grant is open. The read is on record before this returns.
 *
 * @throws Refused `not-found`, `validation-failed`, `profile-unavailable`; LogUnavailable, DependencyUnavailable
 */
export const userHistory = async (
  deps: HistoryDeps,
  { reader, userId, grantId, origin }: AskedByOther,
  query: HistoryQuery,
): Promise<HistoryPage> => {
  const request = historyRequest(query, streamsOf(query));
  const grant = await grantInForce(deps, { reader, userId, grantId });
  const page = await orUnavailable(deps.log, userId, () =>
    readHistory(deps.eventLog, userId, request, () => sightOf(deps.keys, userId, grant === null)),
  );
  if (page === undefined) throw new Refused('not-found');
  await recorded(deps, { reader, userId, asked: 'history', grantId: grant, origin });
  return page;
};

/**
 * A page of the own history, in clear, with the records of who read it.
 *
 * @throws Refused `unauthenticated` (erased), `validation-failed`, `profile-unavailable`; LogUnavailable, DependencyUnavailable
 */
export const ownHistory = async (deps: HistoryDeps, userId: string, query: HistoryQuery): Promise<HistoryPage> => {
  const request = historyRequest(query, [...streamsOf(query), 'access']);
  const page = await orUnavailable(deps.log, userId, () =>
    readHistory(deps.eventLog, userId, request, () => ownSight(deps.keys, userId)),
  );
  if (page === undefined) throw new Refused('unauthenticated');
  return page;
};
