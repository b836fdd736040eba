import { DEFAULT_LOCALE } from '../locale.js';
import { PICTURE_REJECTIONS } from '../processedPicture.js';
import { type Declarations, type EventsOf, event } from './declaration.js';
import { id, locale, oneOf, optionalId, personal, role, roles } from './fields.js';
import { mailBounced } from './mailBounced.js';
import { asChanged, asOther, asRegistered, asRoleChange, asStatus, type ToPublic } from './publicBody.js';

/** Facts of `user-<userId>`: identity, profile, roles, status. */
export const USER_EVENTS = {
  /** Revision 0: the address was proven and the account begins. */
  UserRegistered: event(
    { registrationId: id, email: personal, name: personal, passwordHash: personal, roles, locale },
    {
      storedAs: 'UserRegistered.v2',
      earlier: {
        UserRegistered: {
          fields: { registrationId: id, email: personal, name: personal, passwordHash: personal, roles },
          upcast: (data) => ({ ...data, locale: DEFAULT_LOCALE }),
        },
      },
    },
  ),
  UserRenamed: event({ name: personal }),
  /** The user chose the language of mails. */
  UserLocaleChanged: event({ locale }),
  /** The user asked for a new address, which is not proven yet. Replaces an earlier request that was not confirmed. */
  EmailChangeRequested: event({ changeId: id, email: personal, currentEmail: personal }),
  /** The new address was proven. The owner of the previous one can undo the change for a while, see `undoUntil`. */
  EmailChanged: event({ changeId: id, email: personal, previousEmail: personal }),
  /**
   * The owner of the address before the change refused it, requested or confirmed: `email`, that address, is in force again,
   * and later changes are void. Ends every session and revokes every access token.
   */
  EmailChangeUndone: event({ changeId: id, email: personal }),
  /** A mail to an address of the user came back. */
  MailBounced: mailBounced,
  /** An administrator has found out that the current address of the user gets mail again. The reason is in the metadata, sealed. */
  MailBlockEnded: event({}),
  /**
   * The user uploaded a picture, which is not processed yet. Replaces an upload that was submitted before. `registrationId`:
   * the registration that the upload was sent with, if it was.
   */
  ProfilePictureSubmitted: event({ pictureId: id, registrationId: optionalId }),
  /** The picture that was submitted last is ready, and the user's picture from now on. `replaced`: the one before, if any. */
  ProfilePictureAccepted: event({ pictureId: id, replaced: optionalId }),
  /** Nothing was made of the picture that was submitted last. The picture before it stays. */
  ProfilePictureRejected: event({ pictureId: id, reason: oneOf(...PICTURE_REJECTIONS) }),
  /** The user has no picture any more. */
  ProfilePictureRemoved: event({ replaced: optionalId }),
  /** Ends every session and revokes every access token. */
  PasswordChanged: event({ passwordHash: personal }),
  /** The same password, hashed with newer parameters. Revokes nothing, is never public, and is dropped on any conflict. */
  PasswordHashUpgraded: event({ passwordHash: personal }),
  /** Revokes access tokens. Sessions stay valid, and their next token carries the new roles. */
  RoleGranted: event({ role }),
  RoleRevoked: event({ role }),
  /** Ends every session and revokes every access token. The reason is in the metadata, sealed. */
  UserSuspended: event({}),
  UserReinstated: event({}),
  /** The user or an administrator erases them: their data key is destroyed right after it. Ends sessions, revokes tokens. */
  UserErasureStarted: event({}),
  /** No data of the user is left. Appended last, by the reconciler. */
  UserErased: event({}),
} satisfies Declarations;

export type UserEvent = EventsOf<typeof USER_EVENTS>;

/** The public content of each user event. The type requires an entry for every event. */
export const PUBLIC_USER_EVENTS: Readonly<Record<UserEvent['type'], ToPublic>> = {
  UserRegistered: asRegistered,
  UserRenamed: asChanged('name'),
  UserLocaleChanged: asChanged('locale'),
  EmailChangeRequested: asOther,
  EmailChanged: asChanged('email'),
  EmailChangeUndone: asChanged('email'),
  MailBounced: asOther,
  MailBlockEnded: asOther,
  ProfilePictureSubmitted: asOther,
  ProfilePictureAccepted: asChanged('picture'),
  ProfilePictureRejected: asOther,
  ProfilePictureRemoved: asChanged('picture'),
  PasswordChanged: asOther,
  PasswordHashUpgraded: asOther,
  RoleGranted: asRoleChange('users.role-granted.v1'),
  RoleRevoked: asRoleChange('users.role-revoked.v1'),
  UserSuspended: asStatus('users.suspended.v1'),
  UserReinstated: asStatus('users.reinstated.v1'),
  UserErasureStarted: asStatus('users.erased.v1'),
  UserErased: asOther,
};
