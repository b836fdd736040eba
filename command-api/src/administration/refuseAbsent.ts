import type { AccessKind } from '@ums/contracts/events/access';
import type { RecordRead } from '@ums/identity/access/recordRead';
import type { Principal } from '@ums/identity/principal';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { LoadedUser } from '../user/loadUser.js';

/** On whose behalf it is asked about a user, and what for. */
export interface AskedAbout {
  reader: Principal;
  asked: AccessKind;
  origin: RequestOrigin;
}

/**
 * Refuses what concerns a user who does not exist. That a user was erased, and when, is told on record, as reads tell it.
 *
 * @throws Refused `not-found`, `user-erased`; what `recordRead` throws.
 */
export const refuseAbsent = async (
  { recordRead }: { recordRead: RecordRead },
  { userId, state, facts }: LoadedUser,
  { reader, asked, origin }: AskedAbout,
): Promise<void> => {
  if (state.status === 'unknown') throw new Refused('not-found');
  const erasure = facts.find(({ type }) => type === 'UserErasureStarted');
  if (erasure === undefined) return;
  await recordRead({ reader, userId, asked, grantId: null, origin });
  throw new Refused('user-erased', { members: { erasedAt: erasure.metadata.at } });
};
