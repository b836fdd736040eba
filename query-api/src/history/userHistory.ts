import type { HistoryPage } from '@ums/contracts/http/history';
import type { HistoryStream } from '@ums/identity/history/historyEntry';
import { Refused } from '@ums/kit/refused';
import { grantInForce } from './grantInForce.js';
import type { AskedByOther, HistoryDeps, OwnHistoryDeps } from './historyDeps.js';
import { type HistoryParameters, historyRequest } from './historyRequest.js';
import { orUnavailable } from './orUnavailable.js';
import { readHistory } from './readHistory.js';
import { ownSight, sightOf } from './sightOf.js';

export interface HistoryQuery extends HistoryParameters {
  include?: 'sessions' | undefined;
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
  asked: AskedByOther,
  query: HistoryQuery,
): Promise<HistoryPage> => {
  const { reader, userId, origin } = asked;
  const request = historyRequest(query, streamsOf(query));
  const { page, grantId } = await orUnavailable(deps.log, userId, async () => {
    const inForce = await grantInForce(deps, asked);
    const sight = () => sightOf(deps.keys, userId, inForce === null);
    return { page: await readHistory(deps.eventLog, userId, request, sight), grantId: inForce };
  });
  if (page === undefined) throw new Refused('not-found');
  await deps.recordRead({ reader, userId, asked: 'history', grantId, origin });
  return page;
};

/**
 * A page of the own history, in clear, with the records of who read it.
 *
 * @throws Refused `unauthenticated` (erased), `validation-failed`, `profile-unavailable`; LogUnavailable, DependencyUnavailable
 */
export const ownHistory = async (deps: OwnHistoryDeps, userId: string, query: HistoryQuery): Promise<HistoryPage> => {
  const request = historyRequest(query, [...streamsOf(query), 'access']);
  const page = await orUnavailable(deps.log, userId, () =>
    readHistory(deps.eventLog, userId, request, () => ownSight(deps.keys, userId)),
  );
  if (page === undefined) throw new Refused('unauthenticated');
  return page;
};
