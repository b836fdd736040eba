import { Refused } from '@ums/kit/refused';
import type { RegisteredUser } from './userState.js';

/** @throws Refused `account-suspended` */
export const mustBeActive = (user: RegisteredUser): void => {
  if (user.status === 'suspended') throw new Refused('account-suspended');
};

/**
 * The password was verified against one stored hash. If the hash has changed since, the verification no longer counts.
 *
 * @throws Refused `password-invalid`
 */
export const mustMatchStoredHash = (verifiedHash: string, user: RegisteredUser): void => {
  if (user.passwordHash !== verifiedHash) throw new Refused('password-invalid');
};
