import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { linkMacsOf } from '../account/addressRow.js';
import type { ExistingUser } from '../user/loadUser.js';
import type { EmailChangeDeps } from './emailChangeDeps.js';
import { takeAddress } from './takeAddress.js';

/**
 * Gives a user back the address before a change, requested or confirmed, and ends all sessions. The mailed token suffices: the
 * change needed the password, so someone else may know it. Until the token expires, a repeat gets the same answer.
 *
 * @throws Refused `token-invalid` (the same for malformed, expired and foreign tokens, and for changes that the undoing of
 * an earlier change has ended), `conflict`; LogUnavailable.
 */
export const undoEmailChange = async (
  deps: EmailChangeDeps,
  text: string,
  origin: RequestOrigin,
): Promise<ExistingUser> => {
  const token = deps.mailTokens.read(text);
  const [userId, changeId] = token?.ids ?? [];
  if (token?.purpose !== 'undo' || userId === undefined || changeId === undefined || token.expires <= deps.clock.now())
    throw new Refused('token-invalid');
  // The address that the token was mailed to is the user's, current or held.
  const macs = await linkMacsOf(deps.vault, userId);
  if (!macs.some((mac) => deps.mailTokens.verify(text, mac))) throw new Refused('token-invalid');
  return takeAddress(deps, { userId, changeId, undoes: true }, causedBy(origin, { kind: 'user', id: userId }));
};
