import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { findCurrentAddress } from '../account/addressRow.js';
import { changeUser } from '../change/changeUser.js';
import { settleUser } from '../change/settleUser.js';
import { acceptedPassword } from '../credentials/newPassword.js';
import { withVerifiedPassword } from '../credentials/verifyPassword.js';
import type { EmailChangeDeps } from '../email-change/emailChangeDeps.js';
import { accountNameOf } from '../limits/buckets.js';
import { decide } from '../user/decide.js';
import { type ExistingUser, existingUser, loadUser, passwordHashOf } from '../user/loadUser.js';
import { resetEpochOf } from '../user/userState.js';

interface VerifiedLink {
  userId: string;
  /** What `resetEpochOf` gave when the link was mailed. */
  epoch: bigint;
  /** Of the user's current address, to which the link was mailed. */
  addressMac: Buffer;
}

/**
 * Sets a new password for a user who proves the mailbox with a mailed link. All sessions end, and none starts (E-09). The link works
 * once: the event that it leads to, like every other cut and every change of the address, makes its epoch an earlier one (E-04). Until
 * it expires, a repeat with the same password gets the same answer.
 *
 * Failed attempts on the account from this source count no more, as after a log-in: they are what most people come from. Those of
 * others do not delay this source any more, or whoever goes on guessing would keep the person out.
 *
 * @throws Refused `token-invalid` (the same for malformed, expired, foreign and used tokens, and for a suspended user),
 * `validation-failed` for the field `newPassword`, `too-many-attempts`, `busy`, `conflict`; LogUnavailable.
 */
export const resetPassword = async (
  deps: EmailChangeDeps,
  { token, newPassword }: { token: string; newPassword: string },
  origin: RequestOrigin,
): Promise<ExistingUser> => {
  const link = await verifiedLink(deps, token);
  const user = existingUser(await loadUser(deps, link.userId));
  if (user === undefined) throw new Refused('token-invalid');
  if (resetEpochOf(user.state) !== link.epoch) return repeated(deps, link, newPassword, origin);
  const source = origin.source.bucket;
  try {
    const accepted = acceptedPassword(deps.passwords, newPassword, user);
    const passwordHash = await deps.passwords.hash(accepted, { purpose: 'password-reset', source });
    const changed = await changeUser(deps, {
      userId: link.userId,
      decide: (state) => decide({ type: 'ResetPassword', epoch: link.epoch, passwordHash }, state),
      cause: causedBy(origin, { kind: 'user', id: link.userId }),
    });
    await deps.limits.trustSource({ account: accountNameOf(link.addressMac), source }, link.userId);
    return changed;
  } catch (error) {
    if (!(error instanceof Refused) || !ENDED.includes(error.slug)) throw error;
    return repeated(deps, link, newPassword, origin);
  }
};

/** The link was used, or the user erased, since the user was loaded. */
const ENDED: readonly string[] = ['token-invalid', 'not-found'];

const verifiedLink = async (deps: EmailChangeDeps, text: string): Promise<VerifiedLink> => {
  const token = deps.mailTokens.read(text);
  const [userId] = token?.ids ?? [];
  if (token?.purpose !== 'reset' || userId === undefined || token.epoch === undefined)
    throw new Refused('token-invalid');
  if (token.expires <= deps.clock.now()) throw new Refused('token-invalid');
  const address = await findCurrentAddress(deps.vault, userId);
  if (!address?.linkMacs.some((mac) => deps.mailTokens.verify(text, mac))) throw new Refused('token-invalid');
  return { userId, epoch: token.epoch, addressMac: address.mac };
};

/**
 * The user, if the password that the link set is this one. The attempt is counted: a link that was used must not tell
 * passwords.
 *
 * @throws Refused `token-invalid` for any other password, and if no password was set since the link was mailed.
 */
const repeated = async (
  deps: EmailChangeDeps,
  { userId, epoch, addressMac }: VerifiedLink,
  password: string,
  origin: RequestOrigin,
): Promise<ExistingUser> => {
  const user = existingUser(await loadUser(deps, userId));
  const wasSet = user?.facts.some(({ type, revision }) => type === 'PasswordChanged' && revision > epoch);
  if (user?.state.status !== 'active' || !wasSet) throw new Refused('token-invalid');
  const verifying = {
    ...{ addressMac, source: origin.source.bucket, password },
    ...{ proof: 'link' as const, purpose: 'password-reset' as const },
    storedHash: async () => passwordHashOf(user),
  };
  const found = await withVerifiedPassword(deps, verifying, async (attempt) => {
    await attempt.clear();
    // The first attempt may have ended between its append and its update of the vault.
    await settleUser(deps, user);
    return user;
  });
  if (found === undefined) throw new Refused('token-invalid');
  return found;
};
