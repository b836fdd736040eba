import { randomUUID } from 'node:crypto';
import type { UserEvent } from '@ums/contracts/events/user';
import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { addEmailChange, countLaterMail, deleteEmailChange } from '../account/emailChangeRow.js';
import type { LiveCaller } from '../authorization/liveCaller.js';
import type { FailedOutcome } from '../change/changeUser.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { verifyUserPassword } from '../credentials/verifyUserPassword.js';
import type { MailAbout } from '../limits/buckets.js';
import { countMailAlone, type MailCount, type MailCountValues } from '../limits/countMail.js';
import type { CountedMail } from '../limits/credentialLimits.js';
import { decide } from '../user/decide.js';
import { type LoadedUser, loadUser } from '../user/loadUser.js';
import type { UserState } from '../user/userState.js';

/** Age from which an account has a first change of its own. A user who is erased and registers again is younger. */
const SETTLED_MS = 24 * 3_600_000;

const isSettled = ({ facts }: LoadedUser, now: Date): boolean => {
  const [registered] = facts;
  return registered !== undefined && now.getTime() - Date.parse(registered.metadata.at) >= SETTLED_MS;
};

const LINK_LIFE_MS = 24 * 3_600_000;

export interface EmailChangeInput {
  /** A canonical address. */
  email: string;
  /** The user's current password. */
  password: string;
  /** Confirms the caller's session after the hashing. @throws Refused */
  confirmCaller(): Promise<LiveCaller>;
}

/** The part of a change to the user that asks for a new address; see `UserChange`. */
export interface RequestedEmailChange {
  decide(state: UserState): UserEvent[];
  beforeAppend(events: readonly UserEvent[]): Promise<void>;
  /**
   * Counts the mails no more, and deletes what `beforeAppend` stored, also when that failed. Only if it is not known that the event was
   * appended. While it may be, what is stored stays: the link that is mailed then needs it.
   */
  takeBack(outcome: FailedOutcome): Promise<void>;
}

/**
 * Verifies the password of a user who wants another address (T-11). The work is the same for every address, taken or free,
 * and so is the event; the notifier looks whether the address is taken.
 *
 * Two mails follow, so both addresses are counted. For the current one only this source matters: the notice to it must not be held back
 * because a thief of the password has used up its mails from elsewhere. The links to the new one count together over all users, which
 * bounds what the address gets. The first one within the hour counts for its user alone, so that other users cannot hide it, if the
 * user registered a day ago or earlier. Without that condition, a user could be erased, register again, and have another first one.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`, and what `confirmCaller` refuses. `decide`
 * and `beforeAppend` throw what the rules and the mail limits refuse.
 */
export const requestEmailChange = async (
  deps: CredentialDeps,
  userId: string,
  { email, password, confirmCaller }: EmailChangeInput,
  origin: RequestOrigin,
): Promise<RequestedEmailChange> => {
  const user = await loadUser(deps, userId);
  const { hash: verifiedHash, addressMac: currentMac } = await verifyUserPassword(
    deps,
    user,
    { password, purpose: 'email-change' },
    origin,
  );
  await confirmCaller();
  const id = randomUUID();
  const source = origin.source.bucket;
  const counted: CountedMail[] = [];
  const store = async (): Promise<void> => {
    const allow = async (about: MailAbout, count: (values: MailCountValues) => Promise<MailCount>) => {
      const mail = await deps.limits.allowMail(about, source, count);
      counted.push(mail);
      return mail.counted;
    };
    const first = { kind: 'first-change', userId } as const;
    await allow({ addressMac: currentMac, ...first }, (count) => countMailAlone(deps.vault, count));
    const mac = addressMac(deps.addressKey, email);
    const expiresAt = new Date(deps.clock.now().getTime() + LINK_LIFE_MS);
    const row = { id, userId, addressMac: mac, expiresAt };
    const add = (count: MailCountValues) => addEmailChange(deps.vault, row, count);
    if (!isSettled(user, deps.clock.now())) {
      await allow({ addressMac: mac, kind: 'change' }, add);
      return;
    }
    const isFirst = await allow({ addressMac: mac, ...first }, add);
    if (!isFirst) await allow({ addressMac: mac, kind: 'change' }, (count) => countLaterMail(deps.vault, id, count));
  };
  let stored: Promise<void> | undefined;
  return {
    decide: (state) => decide({ type: 'RequestEmailChange', changeId: id, email, verifiedHash }, state),
    beforeAppend: async (events) => {
      if (!events.some(({ type }) => type === 'EmailChangeRequested')) return;
      // Once, also when the decision is repeated after a conflict.
      stored ??= store();
      await stored;
    },
    takeBack: async (outcome) => {
      if (stored === undefined) return;
      if (outcome === 'nothing') await deleteEmailChange(deps.vault, id);
      for (const mail of counted.splice(0)) await mail.giveBack();
    },
  };
};
