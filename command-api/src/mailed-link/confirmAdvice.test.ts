import { describe, expect, it } from '@jest/globals';
import { LOCALES, type Locale } from '@ums/contracts/locale';
import { BASE_PROBLEMS } from '@ums/kit/http/problem/problems';
import { COMMAND_PROBLEMS } from '../problems.js';
import { ADVICE_WORDS } from './adviceWords.js';
import { confirmAdvice } from './confirmAdvice.js';
import { LINK_PAGES, type LinkPage } from './linkPages.js';
import { OTHER_PASSWORD_PAGE } from './otherPasswordPage.js';

const adviceFor = (
  slug: string,
  details: { fields?: string[]; retryAfter?: number } = {},
  page: LinkPage = LINK_PAGES.confirm,
  locale: Locale = 'en',
) => {
  const [status, title] = { ...BASE_PROBLEMS, ...COMMAND_PROBLEMS }[slug as keyof typeof BASE_PROBLEMS];
  const errors = (details.fields ?? []).map((field) => ({ field, message: 'is not valid' }));
  return confirmAdvice({ slug, status, title, errors, retryAfter: details.retryAfter, requestId: 'id' }, page, locale);
};

describe('confirmAdvice', () => {
  it.each(Object.keys({ ...BASE_PROBLEMS, ...COMMAND_PROBLEMS }))('has sentences for %s', (slug) => {
    for (const page of [...Object.values(LINK_PAGES), OTHER_PASSWORD_PAGE])
      for (const locale of LOCALES) {
        const { alert, advice } = adviceFor(slug, {}, page, locale);
        for (const sentence of [alert, advice]) expect(sentence).toMatch(/^\p{Lu}.*[^.]\.$/u);
      }
  });

  it.each([
    [1, 'Wait 1 second,'],
    [45, 'Wait 45 seconds,'],
    [90, 'Wait 2 minutes,'],
    [3_600, 'Wait 60 minutes,'],
  ])('says how long to wait: %i seconds', (retryAfter, words) => {
    expect(adviceFor('too-many-attempts', { retryAfter }).advice).toContain(words);
  });

  it.each([
    [1, 'Warten Sie 1 Sekunde und'],
    [45, 'Warten Sie 45 Sekunden und'],
    [172_800, 'Warten Sie 2880 Minuten und'],
  ])('says it in German: %i seconds', (retryAfter, words) => {
    expect(adviceFor('too-many-attempts', { retryAfter }, LINK_PAGES.confirm, 'de').advice).toContain(words);
  });

  it('asks again only where the same link can still work', () => {
    expect(adviceFor('validation-failed', { fields: ['password'] }).asksAgain).toBe(true);
    expect(adviceFor('validation-failed', { fields: ['token', 'password'] }).asksAgain).toBeUndefined();
    expect(adviceFor('validation-failed').asksAgain).toBeUndefined();
    const again = ['password-invalid', 'token-invalid', 'too-many-attempts', 'busy', 'dependency-unavailable'];
    for (const slug of again) expect([slug, adviceFor(slug).asksAgain]).toEqual([slug, true]);
  });

  it('does not send users of a suspended account to the mail again', () => {
    for (const locale of LOCALES)
      expect(adviceFor('account-suspended', {}, LINK_PAGES.change, locale)).toEqual(ADVICE_WORDS[locale].suspended);
  });

  it('E-05 does not ask again for a change of the address whose link is not valid, because no password makes it valid', () => {
    for (const page of [LINK_PAGES.change, LINK_PAGES.undo])
      expect(adviceFor('token-invalid', {}, page)).toEqual({
        ...page.words.en.invalid,
        asksAgain: false,
        linksOn: true,
      });
  });
});
