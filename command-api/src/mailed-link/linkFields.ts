import type { Locale } from '@ums/contracts/locale';
import { escapeHtml } from '@ums/kit/escapeHtml';
import { type LinkPage, REPEATED_FIELD } from './linkPages.js';
import { PAGE_WORDS } from './pageWords.js';

export interface LinkFieldsState {
  /** The field whose value was refused. */
  refused?: string | undefined;
  /** Ids of the words on the page that say what to enter, or why it was refused. */
  describedBy: string;
  /** Whether nothing has to be read before. The focus hides what is above it from those who magnify a page or hear it. */
  takesFocus?: boolean;
  /** The name as it was sent before, so that it need not be typed again (WCAG 2.2, 3.3.7). */
  name?: string | undefined;
}

/**
 * For password managers, which otherwise store the password without looking for its user. It is empty, and without a name,
 * so that the browser does not send what a password manager fills in.
 */
const USERNAME = '<input class="unseen" type="text" autocomplete="username" tabindex="-1" aria-hidden="true">';

interface Input {
  name: string;
  label: string;
  type: 'text' | 'password';
  autocomplete: string;
  value?: string | undefined;
}

/**
 * The fields of the form behind a mailed link, as HTML. The words that say what to enter are read with the first field, and those
 * that say why it was refused with the refused one (WCAG 2.2, 3.3.1, technique ARIA21).
 */
export const linkFields = (
  { asks, asksName = false }: Pick<LinkPage, 'asks' | 'asksName'>,
  locale: Locale,
  { refused, describedBy, takesFocus = false, name: sent }: LinkFieldsState,
): string => {
  if (asks === undefined) return '';
  const words = PAGE_WORDS[locale];
  const first = asksName ? 'name' : asks;
  const input = ({ name, label, type, autocomplete, value }: Input): string =>
    `<label for="${name}">${escapeHtml(label)}</label>` +
    `<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}"` +
    `${value === undefined ? '' : ` value="${escapeHtml(value)}"`}` +
    `${name === first || name === refused ? ` aria-describedby="${describedBy}"` : ''}` +
    `${name === refused ? ' aria-invalid="true"' : ''}${name === first && takesFocus ? ' autofocus' : ''} required>`;
  const secret = { type: 'password', autocomplete: 'new-password' } as const;
  if (asks === 'password')
    return USERNAME + input({ name: asks, label: words.password, type: 'password', autocomplete: 'current-password' });
  return (
    (asksName ? input({ name: 'name', label: words.name, type: 'text', autocomplete: 'name', value: sent }) : '') +
    USERNAME +
    // No `minlength`: browsers count UTF-16 units, and their messages ignore the language of the page.
    input({ name: asks, label: words.newPassword, ...secret }) +
    input({ name: REPEATED_FIELD, label: words.newPasswordAgain, ...secret })
  );
};
