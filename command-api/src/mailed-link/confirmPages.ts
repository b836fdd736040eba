import type { Locale } from '@ums/contracts/locale';
import { API_PREFIX } from '@ums/contracts/routes';
import type { MailTokenPurpose } from '@ums/identity/mail-token/mailToken';
import { framedPage } from '@ums/identity/page/pageFrame';
import { escapeHtml } from '@ums/kit/escapeHtml';
import type { Page, PageProblem } from '@ums/kit/http/problem/browserPages';
import { confirmAdvice } from './confirmAdvice.js';
import { type LinkFieldsState, linkFields } from './linkFields.js';
import { LINK_PAGES, type LinkPage } from './linkPages.js';
import { linkPageOf, otherFormOf } from './otherPasswordPage.js';
import { PAGE_WORDS } from './pageWords.js';

/** The pages behind mailed links: one for each purpose. */
export interface ConfirmPages {
  /**
   * Asks to go on, with the password where the link needs it. The page is the same for every token of a purpose, and puts the
   * token into its form without verifying it. Opening it changes nothing, so a mail scanner that follows links has no effect.
   */
  ask(token: string, locale: Locale): Page;
  /** Says that what the link is for was done. */
  done(token: string, locale: Locale): Page;
  failed(problem: PageProblem, sent: SentFields, locale: Locale): Page;
}

/** Of the request that failed. */
export interface SentFields {
  /** '' if the request has none that could be sent again. */
  token: string;
  /** It came from the form for users who do not know the password of the registration. */
  choosesPassword: boolean;
  name: string;
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

const [ALERT, ADVICE, OTHER] = ['alert', 'advice', 'other'];

export const confirmPages = ({ publicUrl, appName, appUrl, purposeOf }: ConfirmPagesOptions): ConfirmPages => {
  const action = `${new URL(publicUrl).pathname.replace(/\/$/, '')}${API_PREFIX}/auth/confirm`;
  const form = (page: LinkPage, token: string, locale: Locale, state: LinkFieldsState): string =>
    `<form method="post" action="${escapeHtml(action)}"><input type="hidden" name="token" value="${escapeHtml(token)}">` +
    `${linkFields(page, locale, state)}<button>${escapeHtml(page.words[locale].button)}</button></form>`;
  /** The form of the page, and the other one that its link has. */
  const forms = (page: LinkPage, token: string, locale: Locale, state: LinkFieldsState): string => {
    const asked = form(page, token, locale, state);
    const other = otherFormOf(page);
    if (other === undefined) return asked;
    const summary = `<summary>${escapeHtml(other.summary[locale])}</summary>`;
    const words = `<p id="${OTHER}">${escapeHtml(other.page.words[locale].ask)}</p>`;
    return `${asked}<details>${summary}${words}${form(other.page, token, locale, { describedBy: OTHER })}</details>`;
  };
  const linkOn = (words: string, attributes = ''): string =>
    appUrl === undefined ? '' : `<p><a${attributes} href="${escapeHtml(appUrl)}">${escapeHtml(words)}</a></p>`;

  return {
    ask: (token, locale) => {
      const page = LINK_PAGES[purposeOf(token)];
      const { heading, ask } = page.words[locale];
      // A new password has rules, which are above its field.
      const fields = forms(page, token, locale, { describedBy: ADVICE, takesFocus: page.asks === 'password' });
      return framedPage(appName, { locale, heading, content: `<p id="${ADVICE}">${escapeHtml(ask)}</p>${fields}` });
    },
    done: (token, locale) => {
      const { doneHeading, done } = LINK_PAGES[purposeOf(token)].words[locale];
      const link = linkOn(PAGE_WORDS[locale].continueTo(appName), ' class="go"');
      return framedPage(appName, {
        locale,
        heading: doneHeading,
        content: `<p role="status">${escapeHtml(done)}</p>${link}`,
      });
    },
    failed: (problem, { token, choosesPassword, name }, locale) => {
      const page = linkPageOf(purposeOf(token), choosesPassword);
      const found = confirmAdvice(problem, page, locale);
      const {
        alert,
        advice,
        heading = page.words[locale].heading,
        asksAgain = false,
        linksOn = false,
        refused,
      } = found;
      const { error, goTo, reference } = PAGE_WORDS[locale];
      const link = linksOn ? linkOn(goTo(appName)) : '';
      const small = problem.status < 500 ? '' : `<p><small>${escapeHtml(reference(problem.requestId))}</small></p>`;
      const fields = forms(page, token, locale, { describedBy: `${ALERT} ${ADVICE}`, refused, name });
      const rest = `${asksAgain && token !== '' ? fields : ''}${link}${small}`;
      return framedPage(appName, {
        locale,
        heading,
        titlePrefix: error,
        content: `<p id="${ALERT}" role="alert">${escapeHtml(alert)}</p><p id="${ADVICE}">${escapeHtml(advice)}</p>${rest}`,
      });
    },
  };
};
