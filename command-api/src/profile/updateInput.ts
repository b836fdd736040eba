import { canonicalAddress } from '@ums/contracts/address';
import type { FieldError } from '@ums/contracts/http/problem';
import type { UpdateUserRequest } from '@ums/contracts/http/user';
import { isLocale, type Locale } from '@ums/contracts/locale';
import { personName } from '@ums/contracts/personName';
import { Refused } from '@ums/kit/refused';
import { addressError, localeError, nameError } from '../input/personInput.js';

/** The fields of a request to change the own user, validated and normalized; at least one, or a picture. */
export interface UpdateInput {
  name?: string;
  locale?: Locale;
  /** Canonical. */
  emailChange?: { email: string; password: string };
}

const NOTHING: FieldError = { field: 'body', message: 'must have a name, an email, a locale or a picture' };
const NO_PASSWORD: FieldError = { field: 'password', message: 'is required with a new email' };
const NO_EMAIL: FieldError = { field: 'password', message: 'is only for a new email' };

/**
 * @param hasPicture whether a file was sent with the fields.
 * @throws Refused `validation-failed` with all faulty fields.
 */
export const updateInput = (
  { name: rawName, email: rawEmail, locale: rawLocale, password }: UpdateUserRequest,
  hasPicture = false,
): UpdateInput => {
  const name = rawName === undefined ? undefined : personName(rawName);
  const email = rawEmail === undefined ? undefined : canonicalAddress(rawEmail);
  const locale = isLocale(rawLocale) ? rawLocale : undefined;
  const errors = [
    ...(rawName !== undefined && name === undefined ? [nameError] : []),
    ...(rawEmail !== undefined && email === undefined ? [addressError] : []),
    ...(rawLocale !== undefined && locale === undefined ? [localeError] : []),
    ...(rawEmail !== undefined && password === undefined ? [NO_PASSWORD] : []),
    ...(rawEmail === undefined && password !== undefined ? [NO_EMAIL] : []),
    ...(hasPicture || [rawName, rawEmail, rawLocale, password].some((field) => field !== undefined) ? [] : [NOTHING]),
  ];
  if (errors.length > 0) throw new Refused('validation-failed', { errors });
  return {
    ...(name === undefined ? {} : { name }),
    ...(locale === undefined ? {} : { locale }),
    ...(email === undefined || password === undefined ? {} : { emailChange: { email, password } }),
  };
};
