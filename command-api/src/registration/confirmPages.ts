import { API_PREFIX } from '@ums/contracts/routes';
import { escapeHtml } from '@ums/kit/escapeHtml';
import type { Page, PageProblem } from '@ums/kit/http/browserPages';
import { confirmAdvice } from './confirmAdvice.js';
import { framedPage } from './pageFrame.js';

/** The pages behind the mailed link of a registration. */
export interface ConfirmPages {
  /**
   * Asks for the password. The page is the same for every token, which it puts into its form unchecked. Opening it changes
   * nothing, so a mail scanner that follows links cannot confirm a registration.
   */
  ask(token: string): Page;
  confirmed(): Page;
  /** @param token '' if the request has none that could be sent again. */
  failed(problem: PageProblem, token: string): Page;
}

export interface ConfirmPagesOptions {
  /** Base of the form's address; only its path is used, so that the page works under every name of the host. */
  publicUrl: string;
  appName: string;
  /** Where users go on to. Without it, the pages have no link. */
  appUrl: string | undefined;
}

const HEADING = 'Confirm your address';
const ASK = '<p>Enter the password you chose when you registered.</p>';

/**
 * For password managers, which otherwise store the password without looking for its user. It is empty, and without a name,
 * so that the browser does not send what a password manager fills in.
 */
const USERNAME = '<input class="unseen" type="text" autocomplete="username" tabindex="-1" aria-hidden="true">';

export const confirmPages = ({ publicUrl, appName, appUrl }: ConfirmPagesOptions): ConfirmPages => {
  const action = `${new URL(publicUrl).pathname.replace(/\/$/, '')}${API_PREFIX}/auth/confirm`;
  const form = (token: string): string =>
    `<form method="post" action="${escapeHtml(action)}"><input type="hidden" name="token" value="${escapeHtml(token)}">` +
    `${USERNAME}<label for="password">Password</label>` +
    '<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>' +
    '<button>Confirm</button></form>';
  const linkOn = (words: string, attributes = ''): string =>
    appUrl === undefined
      ? ''
      : `<p><a${attributes} href="${escapeHtml(appUrl)}">${words} ${escapeHtml(appName)}</a></p>`;

  return {
    ask: (token) => framedPage(appName, { heading: HEADING, content: ASK + form(token) }),
    confirmed: () =>
      framedPage(appName, {
        heading: 'Your address is confirmed',
        content: `<p role="status">You can log in now.</p>${linkOn('Continue to', ' class="go"')}`,
      }),
    failed: (problem, token) => {
      const { alert, advice, asksAgain = false, linksOn = false } = confirmAdvice(problem);
      const reference = problem.status < 500 ? '' : `<p><small>Reference: ${problem.requestId}</small></p>`;
      const rest = `${asksAgain && token !== '' ? form(token) : ''}${linksOn ? linkOn('Go to') : ''}`;
      return framedPage(appName, {
        heading: HEADING,
        titlePrefix: 'Error: ',
        content: `<p role="alert">${escapeHtml(alert)}</p><p>${escapeHtml(advice)}</p>${rest}${reference}`,
      });
    },
  };
};
