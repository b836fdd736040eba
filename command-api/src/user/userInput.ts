import { canonicalAddress } from '@ums/contracts/address';
import type { FieldError } from '@ums/contracts/http/problem';
import { personName } from '@ums/contracts/personName';
import { Refused } from '@ums/kit/refused';

export const addressError: FieldError = { field: 'email', message: 'is not a mail address this service can use' };
export const nameError: FieldError = {
  field: 'name',
  message: 'must have 1 to 100 characters and no control characters',
};

/** The canonical form of an address a client sent. @throws Refused `validation-failed` */
export const addressInput = (text: string): string => {
  const email = canonicalAddress(text);
  if (email === undefined) throw new Refused('validation-failed', { errors: [addressError] });
  return email;
};

/** The stored form of a name a client sent. @throws Refused `validation-failed` */
export const nameInput = (text: string): string => {
  const name = personName(text);
  if (name === undefined) throw new Refused('validation-failed', { errors: [nameError] });
  return name;
};
