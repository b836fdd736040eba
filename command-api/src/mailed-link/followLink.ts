import type { Confirmed, ConfirmRequest } from '@ums/contracts/http/registration';
import type { Locale } from '@ums/contracts/locale';
import type { MailTokenPurpose } from '@ums/identity/mail-token/mailToken';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { invalid, Refused } from '@ums/kit/refused';
import { confirmEmailChange } from '../email-change/confirmEmailChange.js';
import { undoEmailChange } from '../email-change/undoEmailChange.js';
import { resetPassword } from '../password-reset/resetPassword.js';
import { confirm } from '../registration/confirm.js';
import { registerWithLink } from '../registration/registerWithLink.js';
import type { RegistrationDeps } from '../registration/registrationDeps.js';

export interface FollowedLink {
  status: Confirmed['status'];
  /** The position of the user's last event. */
  position: bigint;
}

/**
 * Does what a mailed link is for, which its token says.
 *
 * @param locale the language of mails to a user that the link registers with a new name and password
 * @throws Refused `token-invalid` for a token of no known form, `validation-failed` for a field that the link needs or does not take,
 * and what {@link confirm}, {@link registerWithLink}, {@link confirmEmailChange}, {@link undoEmailChange} and {@link resetPassword}
 * refuse; LogUnavailable.
 */
export const followLink = async (
  deps: RegistrationDeps,
  request: ConfirmRequest,
  origin: RequestOrigin,
  locale: Locale,
): Promise<FollowedLink> => {
  const { token, password, newPassword, name } = request;
  // Before the fields: what a link needs is not known without its token.
  if (deps.mailTokens.read(token) === undefined) throw new Refused('token-invalid');
  const purpose = purposeOf(deps, token);
  if (purpose === 'confirm') return { status: 'confirmed', position: await confirmed(deps, request, origin, locale) };
  if (name !== undefined) throw invalid('name', 'is only for the link of a registration');
  if (purpose === 'reset') {
    const { position } = await resetPassword(deps, { token, newPassword: given('newPassword', newPassword) }, origin);
    return { status: 'password-reset', position };
  }
  if (newPassword !== undefined)
    throw invalid('newPassword', 'is only for a link that resets the password, or that of a registration');
  if (purpose === 'undo') {
    const { position } = await undoEmailChange(deps, token, origin);
    return { status: 'email-change-undone', position };
  }
  const { position } = await confirmEmailChange(deps, { token, password: given('password', password) }, origin);
  return { status: 'email-changed', position };
};

/** The link of a registration: with its password, or with another name and password. @returns the position of the user */
const confirmed = async (
  deps: RegistrationDeps,
  { token, password, newPassword, name }: ConfirmRequest,
  origin: RequestOrigin,
  locale: Locale,
): Promise<bigint> => {
  if (newPassword === undefined) {
    if (name !== undefined) throw invalid('name', 'is only taken with newPassword');
    return (await confirm(deps, { token, password: given('password', password) }, origin)).position;
  }
  if (password !== undefined) throw invalid('password', 'is not taken with newPassword');
  return (await registerWithLink(deps, { token, newPassword, name: given('name', name) }, origin, locale)).position;
};

const given = (field: string, value: string | undefined): string => {
  if (value === undefined) throw invalid(field, 'is required');
  return value;
};

/** What a token says it is for, unverified; `confirm` for a token of no known form. */
export const purposeOf = ({ mailTokens }: Pick<RegistrationDeps, 'mailTokens'>, token: string): MailTokenPurpose =>
  mailTokens.read(token)?.purpose ?? 'confirm';
