import type { Locale } from '@ums/contracts/locale';
import type { Personal } from '@ums/contracts/personal';
import type { UserPictures } from '@ums/contracts/reducers/userPictures';
import type { Role } from '@ums/contracts/roles';
import type { EmailChanges } from './emailChanges.js';
import type { MailBlocks } from './mailBlocks.js';

/** The part of a user's state that the vault's account row mirrors. Not personal: reading it needs no data key. */
export interface Standing {
  status: 'active' | 'suspended' | 'erased';
  roles: Role[];
  /** Revision of the last event that revokes access tokens. */
  epoch: bigint;
  /** Revision of the last event that ends sessions. */
  sessionsFrom: bigint;
  /** Revision of the last event that changes the address. */
  addressFrom: bigint;
  /** Revision of the last event about mail that an address does not get. */
  mailBlocksFrom: bigint;
}

/** A registered user who is not erased. */
export interface RegisteredUser extends Standing, EmailChanges, UserPictures {
  status: 'active' | 'suspended';
  registrationId: string;
  name: Personal;
  locale: Locale;
  passwordHash: Personal;
  /** The last hashes of the same password that upgrades replaced. */
  replacedHashes: readonly Personal[];
  mailBlocks: MailBlocks;
}

/** A user whose erasure has started. */
export interface ErasedUser extends Standing {
  status: 'erased';
  /** Whether `UserErased` was appended: no personal data is left anywhere. */
  finished: boolean;
}

export type UserState = { status: 'unknown' } | RegisteredUser | ErasedUser;

/**
 * What a mailed link that sets a password names: the revision of the last event that revokes access tokens or changes the address.
 * The link works while it is the same. `undefined` for a user whose password cannot be set.
 */
export const resetEpochOf = (user: UserState): bigint | undefined => {
  if (user.status !== 'active') return undefined;
  const { epoch, addressFrom } = user;
  return epoch > addressFrom ? epoch : addressFrom;
};

/** The state before the first event. */
export const unknownUser: UserState = { status: 'unknown' };
