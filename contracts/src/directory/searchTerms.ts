import { foldText } from './foldText.js';

/** In code points. Bounds the rows of an index, since folding may lengthen a text. */
const LONGEST_TERM = 100;

/** A letter or digit that begins a word. */
const WORD_START = /(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]/gu;

/** What a search for this text looks for: a user is found if one of their {@link searchTerms} begins with it. */
export const searchPrefix = (text: string): string => [...foldText(text)].slice(0, LONGEST_TERM).join('');

/** The folded texts that a user is found by: the name, the name from each of its words on, and the address. Each once. */
export const searchTerms = ({ name, email }: { name: string; email: string }): string[] => {
  const folded = foldText(name);
  const fromWords = [...folded.matchAll(WORD_START)].map(({ index }) => folded.slice(index));
  return [...new Set([folded, ...fromWords, email].map(searchPrefix))];
};
