import { canonicalAddress } from '@ums/contracts/address';
import type { FieldError } from '@ums/contracts/http/problem';
import type { RegisterRequest } from '@ums/contracts/http/registration';
import { personName } from '@ums/contracts/personName';
import { Refused } from '@ums/kit/refused';
import type { Passwords } from '../credentials/passwords.js';
import { addressError, nameError } from '../input/personInput.js';

/** The fields of a request to register, validated and normalized. */
export interface RegistrationInput {
  email: string;
  name: string;
  /** As `Passwords.hash` takes it. */
  password: string;
}

/**
 * @param passwordField the field of the request that has the password
 * @throws Refused `validation-failed` with all faulty fields.
 */
export const registrationInput = (
  passwords: Passwords,
  request: RegisterRequest,
  passwordField: 'password' | 'newPassword' = 'password',
): RegistrationInput => {
  const errors: FieldError[] = [];
  const email = canonicalAddress(request.email);
  if (email === undefined) errors.push(addressError);
  const name = personName(request.name);
  if (name === undefined) errors.push(nameError);
  const context = { email: email ?? request.email, name: name ?? request.name };
  const accept = () => passwords.validate(request.password, context, passwordField);
  const password = acceptedPassword(accept, errors);
  if (email === undefined || name === undefined || password === undefined)
    throw new Refused('validation-failed', { errors });
  return { email, name, password };
};

const acceptedPassword = (accept: () => string, errors: FieldError[]): string | undefined => {
  try {
    return accept();
  } catch (error) {
    if (!(error instanceof Refused) || error.slug !== 'validation-failed') throw error;
    errors.push(...(error.details.errors ?? []));
    return undefined;
  }
};
