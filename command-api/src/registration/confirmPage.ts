import { createHash } from 'node:crypto';
import { escapeHtml } from '@ums/kit/escapeHtml';

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;margin:15vh auto;max-width:24rem;padding:0 1rem}' +
  'label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}' +
  'input,button{padding:.5rem;margin:.25rem 0 1rem}';

/** Allows the page's one style and its form to this origin, and nothing else. */
export const CONFIRM_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const page = (content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>Confirm your address</title><style>${STYLE}</style></head><body><main><h1>Confirm your address</h1>` +
  `${content}</main></body></html>\n`;

/**
 * The page behind a mailed link. It is the same for every token, which it puts into its form unchecked. Opening it changes
 * nothing, so a mail scanner that follows links cannot confirm a registration.
 *
 * @param fault why the last attempt failed, without the final period.
 */
export const confirmPage = (token: string, fault?: string): string =>
  page(
    `${fault === undefined ? '' : `<p role="alert"><strong>${escapeHtml(fault)}.</strong></p>`}` +
      '<p>Enter the password you chose when you registered.</p><form method="post" action="confirm">' +
      `<input type="hidden" name="token" value="${escapeHtml(token)}"><label for="password">Password</label>` +
      '<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>' +
      '<button>Confirm</button></form>',
  );

export const confirmedPage = (): string => page('<p>Your address is confirmed. You can log in now.</p>');
