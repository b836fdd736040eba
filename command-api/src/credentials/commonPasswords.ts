import { dictionary } from '@zxcvbn-ts/language-common';
import { lettersOf, squeeze } from './passwordForms.js';
import { completeUnits, repeatedUnit } from './repetition.js';

/** An entry that lost its signs must still spell something. */
const MIN_SQUEEZED = 6;
/** Shorter entries without letters do not count when they are repeated: almost any text of digits contains one twice. */
const MIN_REPEATED = 4;

/** The passwords found most often in breaches, in lower case, as they are and without their signs. All are ASCII. */
const COMMON = new Set(
  dictionary.passwords
    .map((entry) => entry.toLowerCase())
    .flatMap((entry) => [entry, squeeze(entry)])
    .filter((entry, at) => at % 2 === 0 || entry.length >= MIN_SQUEEZED),
);
/** The entries with letters by their letters: `pa$$w0rd` is under `pawrd`. */
const BY_LETTERS = new Map<string, string[]>();
for (const entry of COMMON) {
  const letters = lettersOf(entry);
  const others = BY_LETTERS.get(letters);
  if (others === undefined) BY_LETTERS.set(letters, [entry]);
  else others.push(entry);
}
const LETTERLESS = new Set(BY_LETTERS.get(''));
const LETTERLESS_LENGTHS = [...new Set([...LETTERLESS].map((entry) => entry.length))];
const LETTERLESS_STARTS = new Set([...LETTERLESS].map((entry) => entry[0]));

/**
 * Whether a folded text is a common password, also repeated and with digits, signs and blanks around and between, as people
 * add them to satisfy composition rules (`Password2024!!!`). The last repetition may be incomplete. An entry may itself be a
 * repetition, such as `lollol`, so twice the unit counts too.
 */
export const isMadeOfCommon = (text: string): boolean => {
  const unit = repeatedUnit(text);
  return [text, unit, unit + unit].some((part) => (/\p{L}/u.test(part) ? isMadeOfWord(part) : isMadeOfDigits(part)));
};

/** Repeated, the entry must make up at least half of the letters and digits. */
const isMadeOfWord = (text: string): boolean =>
  completeUnits(lettersOf(text))
    .flatMap((unit) => BY_LETTERS.get(unit) ?? [])
    .some((entry) => {
      const pieces = text.split(entry);
      const times = pieces.length - 1;
      if (times === 0 || /\p{L}/u.test(pieces.join(' '))) return false;
      return times === 1 || times * entry.length >= squeeze(pieces.join('')).length;
    });

/**
 * An entry without letters must make up at least half of the text, where a run of one symbol counts once, or two thirds of
 * the digits if it is repeated: twenty random digits contain some short entry and are still a good password.
 */
const isMadeOfDigits = (text: string): boolean =>
  text
    .split('')
    .some(
      (symbol, from) =>
        LETTERLESS_STARTS.has(symbol) &&
        LETTERLESS_LENGTHS.map((size) => text.slice(from, from + size)).some(
          (entry) => LETTERLESS.has(entry) && outweighs(entry, text.split(entry)),
        ),
    );

const outweighs = (entry: string, pieces: string[]): boolean => {
  const times = pieces.length - 1;
  if (times === 1) return entry.length >= pieces.map(lengthWithoutRuns).reduce((sum, each) => sum + each, 0);
  return entry.length >= MIN_REPEATED && times * entry.length >= 2 * squeeze(pieces.join('')).length;
};

const lengthWithoutRuns = (text: string): number => text.replace(/(.)\1+/gsu, '$1').length;
