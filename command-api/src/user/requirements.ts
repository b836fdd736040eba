import { Refused } from '@ums/kit/refused';
import type { RegisteredUser } from './userState.js';

/** @throws Refused `account-suspended` */
export const mustBeActive = (user: RegisteredUser): void => {
  if (user.status === 'suspended') throw new Refused('account-suspended');
};

/** Whether a hash is of the user's present password: the stored one, or one that a log-in replaced. */
export const isHashOfPassword = (hash: string, { passwordHash, replacedHashes }: RegisteredUser): boolean =>
  passwordHash === hash || replacedHashes.includes(hash);

/**
 * The password was verified against one stored hash. If the password has changed since, the verification no longer counts.
 *
 * @throws Refused `password-invalid`
 */
export const mustMatchStoredHash = (verifiedHash: string, user: RegisteredUser): void => {
  if (!isHashOfPassword(verifiedHash, user)) throw new Refused('password-invalid');
};
