import type { MailTokens } from '@ums/identity/mail-token/mailToken';
import type { CredentialDeps } from '../credentials/verifyPassword.js';

/** Dependencies of the use cases that start and confirm registrations. */
export interface RegistrationDeps extends CredentialDeps {
  mailTokens: MailTokens;
}
