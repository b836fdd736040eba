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

/** @throws Refused `validation-failed` with all faulty fields. */
export const registrationInput = (passwords: Passwords, request: RegisterRequest): RegistrationInput => {
  const errors: FieldError[] = [];
  const email = canonicalAddress(request.email);
  if (email === undefined) errors.push(addressError);
  const name = personName(request.name);
  if (name === undefined) errors.push(nameError);
  const context = { email: email ?? request.email, name: name ?? request.name };
  const password = acceptedPassword(passwords, request.password, context, errors);
  if (email === undefined || name === undefined || password === undefined)
    throw new Refused('validation-failed', { errors });
  return { email, name, password };
};

const acceptedPassword = (
  passwords: Passwords,
  text: string,
  context: { email: string; name: string },
  errors: FieldError[],
): string | undefined => {
  try {
    return passwords.validate(text, context);
  } catch (error) {
    if (!(error instanceof Refused) || error.slug !== 'validation-failed') throw error;
    errors.push(...(error.details.errors ?? []));
    return undefined;
  }
};
