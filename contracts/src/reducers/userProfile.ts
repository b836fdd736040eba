import type { Fact } from '../events/event.js';
import type { MailBlockKind } from '../events/mailBounced.js';
import type { UserEvent } from '../events/user.js';
import type { Locale } from '../locale.js';
import { isErased } from '../personal.js';
import type { PictureRejection } from '../processedPicture.js';
import type { Role } from '../roles.js';

/** Name of the projection of user profiles, and of its table in the schema `read`. A new row shape gets a new version. */
export const USER_PROFILE_PROJECTION = 'user_profile_v1';

/** What may be read about a user: a row of `user_profile_v1`, the body of `GET /user`, and the answer to "as of". */
export interface UserProfile {
  userId: string;
  email: string;
  name: string;
  status: 'active' | 'suspended';
  roles: Role[];
  /** Language of mails to the user. */
  locale: Locale;
  /** ISO 8601, UTC. */
  registeredAt: string;
  picture: ProfilePicture | undefined;
  /** Why and since when the address gets no mail; `undefined` while it does. */
  mailBlock: MailBlock | undefined;
  revision: bigint;
}

/** Of the first mail to the address that came back. */
export interface MailBlock {
  kind: MailBlockKind;
  /** ISO 8601, UTC. */
  since: string;
}

/** What became of the picture that was submitted last, and the one that is shown. */
export interface ProfilePicture {
  pictureId: string;
  status: 'processing' | 'ready' | 'rejected';
  /** Only with the status `rejected`. */
  reason: PictureRejection | undefined;
  /** The last picture that was ready: the one that is shown, also while a newer one is processed or after it is rejected. */
  readyId: string | undefined;
}

/**
 * Reduces a user's facts to the profile, for every reader of profiles. Never throws: a fact that does not apply leaves the
 * row unchanged, and an erased one reduces to no row.
 *
 * @returns the next row; `undefined` when there is none (never registered, or erased).
 */
export const userProfile = (row: UserProfile | undefined, fact: Fact<UserEvent>): UserProfile | undefined => {
  if (fact.type === 'UserRegistered') return registered(fact);
  if (row === undefined || fact.type === 'UserErasureStarted' || fact.type === 'UserErased') return undefined;
  const next = { ...row, revision: fact.revision };
  switch (fact.type) {
    case 'UserRenamed':
      return isErased(fact.data.name) ? undefined : { ...next, name: fact.data.name };
    case 'UserLocaleChanged':
      return { ...next, locale: fact.data.locale };
    case 'EmailChanged':
    case 'EmailChangeUndone':
      return isErased(fact.data.email) ? undefined : { ...next, email: fact.data.email, mailBlock: undefined };
    case 'MailBounced':
      return fact.data.address === 'current' ? { ...next, mailBlock: mailBlock(row.mailBlock, fact) } : next;
    case 'MailBlockEnded':
      return { ...next, mailBlock: undefined };
    case 'ProfilePictureSubmitted':
    case 'ProfilePictureAccepted':
    case 'ProfilePictureRejected':
    case 'ProfilePictureRemoved':
      return { ...next, picture: profilePicture(row.picture, fact) };
    case 'RoleGranted':
      return { ...next, roles: [...new Set([...row.roles, fact.data.role])] };
    case 'RoleRevoked': {
      const { role } = fact.data;
      return { ...next, roles: row.roles.filter((held) => held !== role) };
    }
    case 'UserSuspended':
      return { ...next, status: 'suspended' };
    case 'UserReinstated':
      return { ...next, status: 'active' };
    case 'EmailChangeRequested':
    case 'PasswordChanged':
    case 'PasswordHashUpgraded':
      return next;
    default:
      fact satisfies never;
      return next;
  }
};

/** A complaint counts for more than a bounce: it tells what the person wants. */
const mailBlock = (
  before: MailBlock | undefined,
  { data: { kind }, metadata }: Extract<Fact<UserEvent>, { type: 'MailBounced' }>,
): MailBlock => ({
  kind: before?.kind === 'complaint' ? before.kind : kind,
  since: before?.since ?? metadata.at,
});

type PictureFact = Extract<Fact<UserEvent>, { type: `ProfilePicture${string}` }>;

const profilePicture = (picture: ProfilePicture | undefined, fact: PictureFact): ProfilePicture | undefined => {
  const readyId = picture?.readyId;
  switch (fact.type) {
    case 'ProfilePictureSubmitted':
      return { pictureId: fact.data.pictureId, status: 'processing', reason: undefined, readyId };
    case 'ProfilePictureAccepted': {
      const { pictureId } = fact.data;
      return { pictureId, status: 'ready', reason: undefined, readyId: pictureId };
    }
    case 'ProfilePictureRejected':
      return { pictureId: fact.data.pictureId, status: 'rejected', reason: fact.data.reason, readyId };
    case 'ProfilePictureRemoved':
      return undefined;
    default:
      return fact satisfies never;
  }
};

const registered = ({ stream, data, metadata, revision }: Extract<Fact<UserEvent>, { type: 'UserRegistered' }>) => {
  if (isErased(data.email) || isErased(data.name)) return undefined;
  const userId = stream.slice('user-'.length);
  const { email, name, roles, locale } = data;
  return {
    userId,
    email,
    name,
    status: 'active' as const,
    roles,
    locale,
    registeredAt: metadata.at,
    picture: undefined,
    mailBlock: undefined,
    revision,
  };
};
