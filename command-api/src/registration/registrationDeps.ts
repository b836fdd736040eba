import type { FileDeps } from '../account/factDeps.js';
import type { EmailChangeDeps } from '../email-change/emailChangeDeps.js';
import type { ConfirmPages } from './confirmPages.js';

/** Dependencies of the use cases that start and confirm registrations, and follow mailed links. */
export type RegistrationDeps = EmailChangeDeps & FileDeps;

/** Dependencies of the routes of a registration, some of which answer with pages. */
export type RegistrationRouteDeps = RegistrationDeps & {
  confirmPages: ConfirmPages;
};
