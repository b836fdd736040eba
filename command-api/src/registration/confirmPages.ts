import { API_PREFIX } from '@ums/contracts/routes';
import type { MailTokenPurpose } from '@ums/identity/mail-token/mailToken';
import { escapeHtml } from '@ums/kit/escapeHtml';
import type { Page, PageProblem } from '@ums/kit/http/browserPages';
import { confirmAdvice } from './confirmAdvice.js';
import { LINK_WORDS } from './linkWords.js';
import { framedPage } from './pageFrame.js';

/** The pages behind mailed links: one for each purpose. */
export interface ConfirmPages {
  /**
   * Asks to go on, with the password where the link needs it. The page is the same for every token of a purpose, and puts the
   * token into its form unchecked. Opening it changes nothing, so a mail scanner that follows links has no effect.
   */
  ask(token: string): Page;
  /** Says that what the link is for was done. */
  done(token: string): Page;
  /** @param token '' if the request has none that could be sent again. */
  failed(problem: PageProblem, token: string): Page;
}

export interface ConfirmPagesOptions {
  /** Base of the form's address; only its path is used, so that the page works under every name of the host. */
  publicUrl: string;
  appName: string;
  /** Where users go on to. Without it, the pages have no link. */
  appUrl: string | undefined;
  /** What a token says it is for, unverified. */
  purposeOf(token: string): MailTokenPurpose;
}

/**
 * For password managers, which otherwise store the password without looking for its user. It is empty, and without a name,
 * so that the browser does not send what a password manager fills in.
 */
const USERNAME = '<input class="unseen" type="text" autocomplete="username" tabindex="-1" aria-hidden="true">';
const PASSWORD =
  `${USERNAME}<label for="password">Password</label>` +
  '<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>';

export const confirmPages = ({ publicUrl, appName, appUrl, purposeOf }: ConfirmPagesOptions): ConfirmPages => {
  const action = `${new URL(publicUrl).pathname.replace(/\/$/, '')}${API_PREFIX}/auth/confirm`;
  const form = (token: string): string => {
    const { asksPassword, button } = LINK_WORDS[purposeOf(token)];
    return (
      `<form method="post" action="${escapeHtml(action)}"><input type="hidden" name="token" value="${escapeHtml(token)}">` +
      `${asksPassword ? PASSWORD : ''}<button>${escapeHtml(button)}</button></form>`
    );
  };
  const linkOn = (words: string, attributes = ''): string =>
    appUrl === undefined
      ? ''
      : `<p><a${attributes} href="${escapeHtml(appUrl)}">${words} ${escapeHtml(appName)}</a></p>`;

  return {
    ask: (token) => {
      const { heading, ask } = LINK_WORDS[purposeOf(token)];
      return framedPage(appName, { heading, content: `<p>${escapeHtml(ask)}</p>${form(token)}` });
    },
    done: (token) => {
      const { doneHeading, done } = LINK_WORDS[purposeOf(token)];
      return framedPage(appName, {
        heading: doneHeading,
        content: `<p role="status">${escapeHtml(done)}</p>${linkOn('Continue to', ' class="go"')}`,
      });
    },
    failed: (problem, token) => {
      const words = LINK_WORDS[purposeOf(token)];
      const { alert, advice, asksAgain = false, linksOn = false } = confirmAdvice(problem, words);
      const reference = problem.status < 500 ? '' : `<p><small>Reference: ${problem.requestId}</small></p>`;
      const rest = `${asksAgain && token !== '' ? form(token) : ''}${linksOn ? linkOn('Go to') : ''}`;
      return framedPage(appName, {
        heading: words.heading,
        titlePrefix: 'Error: ',
        content: `<p role="alert">${escapeHtml(alert)}</p><p>${escapeHtml(advice)}</p>${rest}${reference}`,
      });
    },
  };
};
