import { dictionary } from '@zxcvbn-ts/language-common';

const COMMON = new Set(dictionary.passwords.map((password) => password.toLowerCase()));
const LONGEST = Math.max(...[...COMMON].map((password) => password.length));
/** Shorter entries are ignored: almost any text of digits contains one. */
const SHORTEST = 3;

/** Whether a folded text is one of the passwords found most often in breaches. */
export const isCommon = (folded: string): boolean => COMMON.has(folded);

/**
 * Whether a folded text is a common password with digits, symbols and spaces around it, as people add them to satisfy
 * composition rules (`Password2024!!!`). An entry without letters must make up at least half of the text, where a run of
 * one symbol counts once: twenty random digits contain some short entry and are still a good password.
 */
export const isDecoratedCommon = (folded: string): boolean => {
  const symbols = [...folded];
  const prefix = leadingNonLetters(symbols);
  const suffix = leadingNonLetters([...symbols].reverse());
  for (let from = 0; from <= prefix; from += 1) {
    const shortestEnd = Math.max(symbols.length - suffix, from + SHORTEST);
    const longestEnd = Math.min(symbols.length, from + LONGEST);
    for (let to = shortestEnd; to <= longestEnd; to += 1) {
      const entry = symbols.slice(from, to).join('');
      if (COMMON.has(entry) && outweighs(entry, symbols.slice(0, from), symbols.slice(to))) return true;
    }
  }
  return false;
};

const LETTER = /\p{L}/u;

const leadingNonLetters = (symbols: string[]): number => {
  const letter = symbols.findIndex((symbol) => LETTER.test(symbol));
  return letter < 0 ? symbols.length : letter;
};

const outweighs = (entry: string, before: string[], after: string[]): boolean =>
  LETTER.test(entry) || entry.length >= lengthWithoutRuns(before) + lengthWithoutRuns(after);

const lengthWithoutRuns = (symbols: string[]): number =>
  symbols.filter((symbol, at) => symbol !== symbols[at - 1]).length;
