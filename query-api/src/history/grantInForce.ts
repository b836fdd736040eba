import { openGrant } from '@ums/identity/grant/openGrant';
import type { AskedByOther, HistoryDeps } from './historyDeps.js';

/**
 * The grant that a request names, if it is open for this reader and this user; otherwise `null`.
 *
 * @throws LogUnavailable; UnknownFact, MissingKey, SealBroken or Undecodable when a stream cannot be read.
 */
export const grantInForce = async (
  deps: HistoryDeps,
  { reader, userId, grantId }: AskedByOther,
): Promise<string | null> => {
  if (grantId === undefined) return null;
  return (await openGrant(deps, { grantId, readerId: reader.userId, userId })) ? grantId : null;
};
