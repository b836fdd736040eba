import { API_PREFIX } from '@ums/contracts/routes';
import type { MailTokens } from '@ums/identity/mail-token/mailToken';
import type { MailDeps } from './mailDefinition.js';

/** The link that a mail asks its recipient to open, with a token for their address. */
export const mailedLink = (
  { mailTokens, publicUrl }: Pick<MailDeps, 'mailTokens' | 'publicUrl'>,
  token: Parameters<MailTokens['issue']>[0],
): string => `${publicUrl}${API_PREFIX}/auth/confirm?token=${mailTokens.issue(token)}`;
