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
  /** The field of the body that names the user. @default the path names them */
  field?: string;
}

/**
 * Refuses what concerns a user who does not exist. That a user was erased, and when, is told on record, as reads tell it.
 *
 * @throws Refused `not-found`, `user-erased`; what `recordRead` throws.
 */
export const refuseAbsent = async (
  { recordRead }: { recordRead: RecordRead },
  { userId, state, facts }: LoadedUser,
  { reader, asked, origin, field }: AskedAbout,
): Promise<void> => {
  const fault = (message: string) => (field === undefined ? {} : { errors: [{ field, message }] });
  if (state.status === 'unknown') throw new Refused('not-found', fault('must be the id of a user'));
  const erasure = facts.find(({ type }) => type === 'UserErasureStarted');
  if (erasure === undefined) return;
  await recordRead({ reader, userId, asked, grantId: null, origin });
  const members = { erasedAt: erasure.metadata.at };
  throw new Refused('user-erased', { members, ...fault('must be the id of a user who is not erased') });
};
