import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { type EmailChangeRow, findEmailChange } from '../account/emailChangeRow.js';
import { withVerifiedPassword } from '../credentials/verifyPassword.js';
import { accountNameOf } from '../limits/buckets.js';
import { type ExistingUser, loadUser, passwordHashOf } from '../user/loadUser.js';
import type { EmailChangeDeps } from './emailChangeDeps.js';
import { takeAddress } from './takeAddress.js';

/**
 * Makes a new address the current one. The mailed token proves control of the address. The user's password is needed too:
 * if the user mistyped the address, the token is in the mailbox of another person. Until the token expires, a repeat gets the
 * same answer, unless the change was undone.
 *
 * The source becomes a known one, as after a log-in: strangers who guess at the new address do not keep the user out there.
 *
 * @throws Refused `token-invalid` (the same for malformed, expired and foreign tokens, when a later request replaced this one,
 * and when another user has the address), `password-invalid`, `account-suspended`, `too-many-attempts`, `busy`, `conflict`;
 * LogUnavailable.
 */
export const confirmEmailChange = async (
  deps: EmailChangeDeps,
  { token, password }: { token: string; password: string },
  origin: RequestOrigin,
): Promise<ExistingUser> => {
  const { id, userId, addressMac, currentMac } = await verifiedChange(deps, token);
  const source = origin.source.bucket;
  const verifying = {
    ...{ addressMac: currentMac, source, password },
    ...{ proof: 'link' as const, purpose: 'confirmation' as const },
    storedHash: async () => passwordHashOf(await loadUser(deps, userId)),
  };
  const confirmed = await withVerifiedPassword(deps, verifying, async (attempt) => {
    await attempt.clear();
    const cause = causedBy(origin, { kind: 'user', id: userId });
    const changed = await takeAddress(deps, { userId, changeId: id, undoes: false }, cause);
    await deps.limits.trustSource({ account: accountNameOf(addressMac), source }, userId);
    return changed;
  });
  if (confirmed === undefined) throw new Refused('password-invalid');
  return confirmed;
};

const verifiedChange = async (deps: EmailChangeDeps, text: string): Promise<EmailChangeRow> => {
  const now = deps.clock.now();
  const token = deps.mailTokens.read(text);
  const [userId, changeId] = token?.ids ?? [];
  if (token?.purpose !== 'change' || changeId === undefined || token.expires <= now) throw new Refused('token-invalid');
  const change = await findEmailChange(deps.vault, changeId, now);
  if (change?.userId !== userId || change === undefined) throw new Refused('token-invalid');
  if (!change.linkMacs.some((mac) => deps.mailTokens.verify(text, mac))) throw new Refused('token-invalid');
  return change;
};
