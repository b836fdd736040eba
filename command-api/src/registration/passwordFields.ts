import type { Locale } from '@ums/contracts/locale';
import { escapeHtml } from '@ums/kit/escapeHtml';
import { type PasswordField, REPEATED_FIELD } from './linkPages.js';
import { PAGE_WORDS } from './pageWords.js';

export interface PasswordFieldsState {
  /** The field whose value was refused. */
  refused?: string | undefined;
  /** Ids of the words on the page that say what to enter, or why it was refused. */
  describedBy: string;
  /** Whether nothing has to be read before. The focus hides what is above it from those who magnify a page or hear it. */
  takesFocus?: boolean;
}

/**
 * For password managers, which otherwise store the password without looking for its user. It is empty, and without a name,
 * so that the browser does not send what a password manager fills in.
 */
const USERNAME = '<input class="unseen" type="text" autocomplete="username" tabindex="-1" aria-hidden="true">';

/**
 * The fields of the form behind a mailed link, as HTML. The words that say what to enter are read with the first field, and those
 * that say why it was refused with the refused one (WCAG 2.2, 3.3.1, technique ARIA21).
 */
export const passwordFields = (
  asks: PasswordField | undefined,
  locale: Locale,
  { refused, describedBy, takesFocus = false }: PasswordFieldsState,
): string => {
  if (asks === undefined) return '';
  const { password, newPassword, newPasswordAgain } = PAGE_WORDS[locale];
  const input = (name: string, label: string, kind: 'current' | 'new'): string => {
    const isDescribed = name === asks || name === refused;
    return (
      `<label for="${name}">${escapeHtml(label)}</label>` +
      `<input id="${name}" name="${name}" type="password" autocomplete="${kind}-password"` +
      `${isDescribed ? ` aria-describedby="${describedBy}"` : ''}${name === refused ? ' aria-invalid="true"' : ''}` +
      `${name === asks && takesFocus ? ' autofocus' : ''} required>`
    );
  };
  if (asks === 'password') return USERNAME + input(asks, password, 'current');
  // No `minlength`: browsers count UTF-16 units, and their messages ignore the language of the page.
  return USERNAME + input(asks, newPassword, 'new') + input(REPEATED_FIELD, newPasswordAgain, 'new');
};
