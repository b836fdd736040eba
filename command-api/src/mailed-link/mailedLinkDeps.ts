import type { RegistrationDeps } from '../registration/registrationDeps.js';
import type { ConfirmPages } from './confirmPages.js';

/** Dependencies of the routes behind mailed links, which also answer with pages. */
export type MailedLinkDeps = RegistrationDeps & {
  confirmPages: ConfirmPages;
};
