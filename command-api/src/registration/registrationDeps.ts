import type { FileDeps } from '../account/factDeps.js';
import type { EmailChangeDeps } from '../email-change/emailChangeDeps.js';

/** Dependencies of the use cases that start and confirm registrations, and follow mailed links. */
export type RegistrationDeps = EmailChangeDeps & FileDeps;
