import { canonicalAddress } from '@ums/contracts/address';
import type { FieldError } from '@ums/contracts/http/problem';
import { LOCALES } from '@ums/contracts/locale';
import { LONGEST_NAME } from '@ums/contracts/personName';
import { personText } from '@ums/contracts/personText';
import { isRole, ROLES, type Role } from '@ums/contracts/roles';
import { Refused } from '@ums/kit/refused';

const LONGEST_REASON = 500;

/** What {@link personText} refuses, as a message for the user. */
const textMessage = (max: number): string =>
  `must have 1 to ${max} characters, one visible, at most 4 marks on a letter, and none that is invisible, breaks the line or changes its direction`;

export const addressError: FieldError = { field: 'email', message: 'is not a mail address this service can use' };
export const nameError: FieldError = { field: 'name', message: textMessage(LONGEST_NAME) };
export const localeError: FieldError = { field: 'locale', message: `must be one of: ${LOCALES.join(', ')}` };
const purposeError: FieldError = { field: 'purpose', message: textMessage(LONGEST_REASON) };
const reasonError: FieldError = { field: 'reason', message: textMessage(LONGEST_REASON) };

const rolesError: FieldError = { field: 'roles', message: `must be among: ${ROLES.join(', ')}` };

const required = <T>(value: T | undefined, error: FieldError): T => {
  if (value === undefined) throw new Refused('validation-failed', { errors: [error] });
  return value;
};

/** The canonical form of an address a client sent. @throws Refused `validation-failed` */
export const addressInput = (text: string): string => required(canonicalAddress(text), addressError);

/** The stored form of the reason that an administrator gave for a change. @throws Refused `validation-failed` */
export const reasonInput = (text: string): string => required(personText(text, LONGEST_REASON), reasonError);

/** The stored form of the purpose of a grant: the rule is that of reasons. @throws Refused `validation-failed` */
export const purposeInput = (text: string): string => required(personText(text, LONGEST_REASON), purposeError);

/**
 * The roles that an administrator named, in one order. tsoa would take `["user"]` for `user`, so it checks for texts only.
 *
 * @throws Refused `validation-failed`
 */
export const rolesInput = (named: readonly string[]): Role[] =>
  required(named.every(isRole) ? ROLES.filter((role) => named.includes(role)) : undefined, rolesError);
