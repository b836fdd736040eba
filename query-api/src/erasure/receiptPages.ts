import type {
  BackupsDueBody,
  ErasureReceiptBody,
  ErasureStepBody,
  ErasureStepsBody,
} from '@ums/contracts/http/erasure';
import type { Locale } from '@ums/contracts/locale';
import { framedPage } from '@ums/identity/page/pageFrame';
import { escapeHtml } from '@ums/kit/escapeHtml';
import type { Page, PageProblem } from '@ums/kit/http/problem/browserPages';
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

const stateOf = ({ state, at }: ErasureStepBody, locale: Locale, words: ReceiptWords): string => {
  if (state === 'done') return words.done(timeIn(locale, at));
  return state === 'pending' ? words.pending : words.notApplicable;
};

const stateOfBackups = ({ state, at }: BackupsDueBody, locale: Locale, words: ReceiptWords): string => {
  if (at === null) return words.pending;
  return (state === 'done' ? words.wereDue : words.due)(timeIn(locale, at));
};

export const receiptPages = (appName: string): ReceiptPages => ({
  receipt: (body, locale) => {
    const words = RECEIPT_WORDS[locale];
    const { backupsDue, ...others } = body.steps;
    const item = (step: keyof ErasureStepsBody, state: string): string =>
      `<li>${escapeHtml(words.steps[step])}: <b>${escapeHtml(state)}</b></li>`;
    const items = Object.entries(others).map(([step, state]) =>
      item(step as keyof typeof others, stateOf(state, locale, words)),
    );
    const content =
      `<p role="status">${escapeHtml(body.complete ? words.complete : words.incomplete)}</p>` +
      `<ul>${items.join('')}${item('backupsDue', stateOfBackups(backupsDue, locale, words))}</ul>` +
      `<p><small>${escapeHtml(words.receipt(body.receipt))}</small></p>` +
      `<details><summary>${escapeHtml(words.data)}</summary><p><code>${escapeHtml(JSON.stringify(body))}</code></p></details>`;
    return framedPage(appName, { locale, heading: words.heading, content });
  },
  failed: ({ status, requestId }, locale) => {
    const words = RECEIPT_WORDS[locale];
    const { alert, advice } =
      ({ 400: words.cutLink, 404: words.unknown } as Record<number, typeof words.unknown>)[status] ?? words.unavailable;
    const small = status < 500 ? '' : `<p><small>${escapeHtml(words.reference(requestId))}</small></p>`;
    const content = `<p role="alert">${escapeHtml(alert)}</p><p>${escapeHtml(advice)}</p>${small}`;
    return framedPage(appName, { locale, heading: words.heading, titlePrefix: words.error, content });
  },
});
