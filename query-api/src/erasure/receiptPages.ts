import type { BackupsDueBody, ErasureReceiptBody, ErasureStepBody } from '@ums/contracts/http/erasure';
import type { Locale } from '@ums/contracts/locale';
import { framedPage } from '@ums/identity/page/pageFrame';
import { escapeHtml } from '@ums/kit/escapeHtml';
import type { Page, PageProblem } from '@ums/kit/http/browserPages';
import { RECEIPT_WORDS, type ReceiptWords } from './receiptWords.js';

/** What a browser shows behind the link of the last mail to a person. It names no person, like the receipt itself. */
export interface ReceiptPages {
  receipt(body: ErasureReceiptBody, locale: Locale): Page;
  failed(problem: PageProblem, locale: Locale): Page;
}

/** Nothing tells in which time zone the person lives. */
const timeIn = (locale: Locale, at: string | null): string =>
  at === null
    ? ''
    : `${new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
        ...{ dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' },
      }).format(new Date(at))} UTC`;

const stateOf = ({ state, at }: ErasureStepBody | BackupsDueBody, locale: Locale, words: ReceiptWords): string => {
  const time = timeIn(locale, at);
  if (state === 'done') return words.done(time);
  if (state === 'not-applicable') return words.notApplicable;
  return time === '' ? words.pending : words.due(time);
};

export const receiptPages = (appName: string): ReceiptPages => ({
  receipt: ({ receipt, complete, steps }, locale) => {
    const words = RECEIPT_WORDS[locale];
    const items = (Object.keys(words.steps) as (keyof typeof steps)[]).map(
      (step) => `<li>${escapeHtml(words.steps[step])}: <b>${escapeHtml(stateOf(steps[step], locale, words))}</b></li>`,
    );
    const content =
      `<p role="status">${escapeHtml(complete ? words.complete : words.incomplete)}</p><ul>${items.join('')}</ul>` +
      `<p><small>${escapeHtml(words.receipt(receipt))}</small></p>`;
    return framedPage(appName, { locale, heading: words.heading, content });
  },
  failed: ({ status, requestId }, locale) => {
    const words = RECEIPT_WORDS[locale];
    const { alert, advice } = status === 400 || status === 404 ? words.unknown : words.unavailable;
    const small = status < 500 ? '' : `<p><small>${escapeHtml(words.reference(requestId))}</small></p>`;
    const content = `<p role="alert">${escapeHtml(alert)}</p><p>${escapeHtml(advice)}</p>${small}`;
    return framedPage(appName, { locale, heading: words.heading, titlePrefix: words.error, content });
  },
});
