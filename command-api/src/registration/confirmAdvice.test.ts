import { describe, expect, it } from '@jest/globals';
import { BASE_PROBLEMS } from '@ums/kit/http/problems';
import { COMMAND_PROBLEMS } from '../problems.js';
import { confirmAdvice } from './confirmAdvice.js';
import { LINK_WORDS, type LinkWords } from './linkWords.js';

const adviceFor = (
  slug: string,
  details: { fields?: string[]; retryAfter?: number } = {},
  words: LinkWords = LINK_WORDS.confirm,
) => {
  const [status, title] = { ...BASE_PROBLEMS, ...COMMAND_PROBLEMS }[slug as keyof typeof BASE_PROBLEMS];
  const errors = (details.fields ?? []).map((field) => ({ field, message: 'is not valid' }));
  return confirmAdvice({ slug, status, title, errors, retryAfter: details.retryAfter, requestId: 'id' }, words);
};

describe('confirmAdvice', () => {
  it.each(Object.keys({ ...BASE_PROBLEMS, ...COMMAND_PROBLEMS }))('has sentences for %s', (slug) => {
    for (const words of Object.values(LINK_WORDS)) {
      const { alert, advice } = adviceFor(slug, {}, words);
      for (const sentence of [alert, advice]) expect(sentence).toMatch(/^[A-Z].*[^.]\.$/);
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

  it('asks again only where the same link can still work', () => {
    expect(adviceFor('validation-failed', { fields: ['password'] }).asksAgain).toBe(true);
    expect(adviceFor('validation-failed', { fields: ['token', 'password'] }).asksAgain).toBeUndefined();
    expect(adviceFor('validation-failed').asksAgain).toBeUndefined();
    const again = ['password-invalid', 'token-invalid', 'too-many-attempts', 'busy', 'dependency-unavailable'];
    for (const slug of again) expect([slug, adviceFor(slug).asksAgain]).toEqual([slug, true]);
  });

  it('E-05 does not ask again for a change of the address whose link is not valid, because no password makes it valid', () => {
    for (const words of [LINK_WORDS.change, LINK_WORDS.undo])
      expect(adviceFor('token-invalid', {}, words)).toEqual({ ...words.invalid, linksOn: true });
  });
});
