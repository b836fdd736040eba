import { isErased } from '@ums/contracts/personal';
import { Refused } from '@ums/kit/refused';
import type { LoadedUser } from '../user/loadUser.js';
import type { Passwords } from './passwords.js';

const FIELD = 'newPassword';

/**
 * Checks the password that a user chooses in place of another one, with the rules of a registration.
 *
 * @returns the normalized password, as `Passwords.hash` takes it.
 * @throws Refused `validation-failed` for the field `newPassword`; `not-found` for an unknown or erased user.
 */
export const acceptedPassword = (passwords: Passwords, text: string, { state }: LoadedUser): string => {
  if (state.status === 'unknown' || state.status === 'erased') throw new Refused('not-found');
  const { email, name } = state;
  if (isErased(email) || isErased(name)) throw new Refused('not-found');
  return passwords.validate(text, { email, name }, FIELD);
};

/**
 * A user who changes the password must not believe that another one counts now.
 *
 * @throws Refused `validation-failed`
 */
export const mustDiffer = (current: string, accepted: string): void => {
  if (current.normalize('NFC') !== accepted) return;
  throw new Refused('validation-failed', { errors: [{ field: FIELD, message: 'must not be the current password' }] });
};
