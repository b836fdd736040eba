import type { MailTokens } from '@ums/identity/mail-token/mailToken';
import type { CredentialDeps } from '../credentials/verifyPassword.js';

/** Dependencies of the use cases behind the mailed links of a new address. */
export interface EmailChangeDeps extends CredentialDeps {
  mailTokens: MailTokens;
}
