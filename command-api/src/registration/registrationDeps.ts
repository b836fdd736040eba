import type { MailTokens } from '@ums/identity/mail-token/mailToken';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import type { ConfirmPages } from './confirmPages.js';

/** Dependencies of the use cases that start and confirm registrations. */
export interface RegistrationDeps extends CredentialDeps {
  mailTokens: MailTokens;
}

/** Dependencies of the routes of a registration, some of which answer with pages. */
export interface RegistrationRouteDeps extends RegistrationDeps {
  confirmPages: ConfirmPages;
}
