import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Personal } from '@ums/contracts/personal';
import { NO_PICTURES, withPicture } from '@ums/contracts/reducers/userPictures';
import { firstEmail, withEmailChanged, withEmailChangeRequested, withEmailChangeUndone } from './emailChanges.js';
import { withMailBounced, withoutMailBlock } from './mailBlocks.js';
import { type RegisteredUser, type UserState, unknownUser } from './userState.js';

/**
 * Folds one fact of `user-<id>`. A fact that does not apply leaves the state unchanged; no fact throws.
 *
 * `epoch` and `sessionsFrom` are derived only here: revoking access tokens raises `epoch`, ending sessions raises both.
 */
export const evolve = (state: UserState, fact: Fact<UserEvent>): UserState => {
  if (state.status === 'unknown') return fact.type === 'UserRegistered' ? registered(fact) : state;
  if (state.status === 'erased') return fact.type === 'UserErased' ? { ...state, finished: true } : state;
  switch (fact.type) {
    case 'UserRegistered':
      return state;
    case 'MailBounced':
      return { ...state, mailBlocks: withMailBounced(state.mailBlocks, fact), mailBlocksFrom: fact.revision };
    case 'MailBlockEnded':
      return { ...state, mailBlocks: withoutMailBlock(state.mailBlocks, state.email), mailBlocksFrom: fact.revision };
    case 'UserRenamed':
      return { ...state, name: fact.data.name };
    case 'UserLocaleChanged':
      return { ...state, locale: fact.data.locale };
    case 'EmailChangeRequested':
      return { ...state, ...withEmailChangeRequested(state, fact) };
    case 'EmailChanged':
      return { ...state, ...withEmailChanged(state, fact), ...proven(state, fact) };
    case 'EmailChangeUndone': {
      const undone = { ...state, ...withEmailChangeUndone(state, fact), ...proven(state, fact) };
      return endSessions(undone, fact.revision);
    }
    case 'PasswordChanged': {
      const { passwordHash } = fact.data;
      // A request that was made with the old password must not be confirmed with the new one.
      return endSessions({ ...state, passwordHash, replacedHashes: [], requestedEmail: undefined }, fact.revision);
    }
    case 'ProfilePictureSubmitted':
    case 'ProfilePictureAccepted':
    case 'ProfilePictureRejected':
    case 'ProfilePictureRemoved':
      return { ...state, ...withPicture(state, fact) };
    case 'PasswordHashUpgraded':
      return { ...state, ...withUpgradedHash(state, fact.data.passwordHash) };
    case 'RoleGranted':
      return { ...state, roles: [...new Set([...state.roles, fact.data.role])], epoch: fact.revision };
    case 'RoleRevoked': {
      const { role } = fact.data;
      return { ...state, roles: state.roles.filter((held) => held !== role), epoch: fact.revision };
    }
    case 'UserSuspended':
      return endSessions({ ...state, status: 'suspended' }, fact.revision);
    case 'UserReinstated':
      return { ...state, status: 'active' };
    case 'UserErasureStarted':
    case 'UserErased': {
      const revocation = { epoch: fact.revision, sessionsFrom: fact.revision };
      const addresses = { addressFrom: fact.revision, mailBlocksFrom: fact.revision };
      return { status: 'erased', finished: fact.type === 'UserErased', roles: [], ...revocation, ...addresses };
    }
    default:
      fact satisfies never;
      return state;
  }
};

/** Folds a whole stream. */
export const userState = (facts: readonly Fact<UserEvent>[]): UserState => facts.reduce(evolve, unknownUser);

/** More upgrades than happen while a password is verified. Two processes with different settings add one at each log-in. */
const MOST_REPLACED_HASHES = 8;

const withUpgradedHash = (
  { passwordHash: replaced, replacedHashes }: RegisteredUser,
  passwordHash: Personal,
): Pick<RegisteredUser, 'passwordHash' | 'replacedHashes'> => ({
  passwordHash,
  replacedHashes: [...replacedHashes, replaced].slice(-MOST_REPLACED_HASHES),
});

const registered = ({ data, revision }: Extract<Fact<UserEvent>, { type: 'UserRegistered' }>): RegisteredUser => ({
  status: 'active',
  ...data,
  ...firstEmail(data.email),
  ...NO_PICTURES,
  replacedHashes: [],
  epoch: revision,
  sessionsFrom: revision,
  addressFrom: revision,
  mailBlocks: new Map(),
  mailBlocksFrom: revision,
});

/** The address is in force, and a link that was mailed to it was used, so it gets mail. */
const proven = (
  { mailBlocks }: RegisteredUser,
  { data: { email }, revision }: Extract<Fact<UserEvent>, { type: 'EmailChanged' | 'EmailChangeUndone' }>,
): Pick<RegisteredUser, 'addressFrom' | 'mailBlocks'> => ({
  addressFrom: revision,
  mailBlocks: withoutMailBlock(mailBlocks, email),
});

const endSessions = (state: RegisteredUser, revision: bigint): RegisteredUser => ({
  ...state,
  epoch: revision,
  sessionsFrom: revision,
});
