import { dictionary } from '@zxcvbn-ts/language-common';

const COMMON = new Set(dictionary.passwords.map((password) => password.toLowerCase()));
const LONGEST = Math.max(...[...COMMON].map((password) => password.length));
/** Below it an entry says nothing: any text of digits would contain one. */
const SHORTEST = 3;

/** Whether a folded text is one of the passwords found most often in breaches. */
export const isCommon = (folded: string): boolean => COMMON.has(folded);

/**
 * Whether it is one of them with digits, signs and spaces around it, as people write them to satisfy a rule
 * (`Password2024!!!`). An entry without letters must make up half of the text, runs of one sign counted once: twenty
 * random digits contain some short entry and are still a good password.
 */
export const isDecoratedCommon = (folded: string): boolean => {
  const text = [...folded];
  const lead = leadingSigns(text);
  const tail = leadingSigns([...text].reverse());
  for (let from = 0; from <= lead; from += 1)
    for (let to = Math.max(text.length - tail, from + SHORTEST); to <= Math.min(text.length, from + LONGEST); to += 1) {
      const entry = text.slice(from, to).join('');
      if (COMMON.has(entry) && outweighs(entry, text.slice(0, from), text.slice(to))) return true;
    }
  return false;
};

const LETTER = /\p{L}/u;

const leadingSigns = (text: string[]): number => {
  const letter = text.findIndex((symbol) => LETTER.test(symbol));
  return letter < 0 ? text.length : letter;
};

const outweighs = (entry: string, before: string[], after: string[]): boolean =>
  LETTER.test(entry) || entry.length >= withoutRuns(before) + withoutRuns(after);

const withoutRuns = (signs: string[]): number => signs.filter((sign, at) => sign !== signs[at - 1]).length;
