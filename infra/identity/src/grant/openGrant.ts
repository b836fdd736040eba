import { isUuid } from '@ums/contracts/uuid';
import { type GrantDeps, readGrant } from './readGrant.js';

/** Under which grant somebody wants to see the personal values of a user. */
export interface AskedGrant {
  /** As the client sent it. */
  grantId: string;
  readerId: string;
  userId: string;
}

/**
 * Whether a grant lets a reader see the personal values of a user: asked for by this reader about this user, approved by
 * another person, and not ended by its time, by a person, by the user's erasure or by the reader's loss of the roles to audit.
 *
 * @throws LogUnavailable; UnknownFact, MissingKey, SealBroken or Undecodable when a stream cannot be read.
 */
export const openGrant = async (deps: GrantDeps, { grantId, readerId, userId }: AskedGrant): Promise<boolean> => {
  const read = isUuid(grantId) ? await readGrant(deps, grantId) : undefined;
  return read?.now.state === 'open' && read.grant.askedBy === readerId && read.grant.userId === userId;
};
