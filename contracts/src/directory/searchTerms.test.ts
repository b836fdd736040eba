import { describe, expect, it } from '@jest/globals';
import { searchPrefix, searchTerms } from './searchTerms.js';

const email = 'ada@example.org';

describe('searchTerms', () => {
  it('are the name, the name from each word on, and the address', () => {
    expect(searchTerms({ name: 'Ada King Lovelace', email })).toEqual([
      ...['ada king lovelace', 'king lovelace', 'lovelace', email],
    ]);
  });

  it('begin a word after a blank, a hyphen, an apostrophe and a quotation mark', () => {
    expect(searchTerms({ name: '“Zoë” Anne-Marie O’Brien', email })).toEqual([
      ...["“zoe” anne-marie o'brien", "zoe” anne-marie o'brien", "anne-marie o'brien", "marie o'brien"],
      ...["o'brien", 'brien', email],
    ]);
  });

  it('are two for a name without words, and one if name and address are equal', () => {
    expect(searchTerms({ name: '☆', email })).toEqual(['☆', email]);
    expect(searchTerms({ name: 'Ada@Example.org', email })).toEqual(['ada@example.org', 'example.org', 'org']);
  });

  it('are short enough for an index, as is the prefix of a search', () => {
    const name = 'ﷺ'.repeat(100);
    const [term = ''] = searchTerms({ name, email });
    expect([...term]).toHaveLength(100);
    expect(term).toBe(searchPrefix(name));
  });
});
