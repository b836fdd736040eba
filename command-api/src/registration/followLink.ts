import type { Confirmed, ConfirmRequest } from '@ums/contracts/http/registration';
import type { MailTokenPurpose } from '@ums/identity/mail-token/mailToken';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { invalid, Refused } from '@ums/kit/refused';
import { confirmEmailChange } from '../email-change/confirmEmailChange.js';
import { undoEmailChange } from '../email-change/undoEmailChange.js';
import { resetPassword } from '../password-reset/resetPassword.js';
import { confirm } from './confirm.js';
import type { RegistrationDeps } from './registrationDeps.js';

export interface FollowedLink {
  status: Confirmed['status'];
  /** The position of the user's last event. */
  position: bigint;
}

/**
 * Does what a mailed link is for, which its token says.
 *
 * @throws Refused `token-invalid` for a token of no known form, `validation-failed` without the password that the link needs, and
 * what {@link confirm}, {@link confirmEmailChange}, {@link undoEmailChange} and {@link resetPassword} refuse; LogUnavailable.
 */
export const followLink = async (
  deps: RegistrationDeps,
  { token, password, newPassword }: ConfirmRequest,
  origin: RequestOrigin,
): Promise<FollowedLink> => {
  // Before the fields: what a link needs is not known without its token.
  if (deps.mailTokens.read(token) === undefined) throw new Refused('token-invalid');
  const purpose = purposeOf(deps, token);
  if (purpose === 'reset') {
    const { position } = await resetPassword(deps, { token, newPassword: given('newPassword', newPassword) }, origin);
    return { status: 'password-reset', position };
  }
  if (newPassword !== undefined) throw invalid('newPassword', 'is only for a link that resets the password');
  if (purpose === 'undo') {
    const { position } = await undoEmailChange(deps, token, origin);
    return { status: 'email-change-undone', position };
  }
  const verified = { token, password: given('password', password) };
  if (purpose === 'change') {
    const { position } = await confirmEmailChange(deps, verified, origin);
    return { status: 'email-changed', position };
  }
  const { position } = await confirm(deps, verified, origin);
  return { status: 'confirmed', position };
};

const given = (field: string, value: string | undefined): string => {
  if (value === undefined) throw invalid(field, 'is required');
  return value;
};

/** What a token says it is for, unverified; `confirm` for a token of no known form. */
export const purposeOf = ({ mailTokens }: Pick<RegistrationDeps, 'mailTokens'>, token: string): MailTokenPurpose =>
  mailTokens.read(token)?.purpose ?? 'confirm';
