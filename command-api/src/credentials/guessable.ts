import { isCommon, isDecoratedCommon } from './commonPasswords.js';
import { contextWords, type PasswordContext } from './contextWords.js';
import { shortestUnit } from './shortestUnit.js';

const ALPHABETS = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm'];
const SEQUENCES = ALPHABETS.flatMap((run) => [run.repeat(13), [...run].reverse().join('').repeat(13)]);
/** Up to here a unit said again and again adds nothing to itself. */
const SHORT_UNIT = 4;

/**
 * Why a password of good length is still among the first an attacker tries: well known, perhaps with digits and
 * signs around it or said twice; one short unit repeated; a run of the alphabet or keyboard; its owner's own words.
 */
export const guessable = (password: string, context: PasswordContext): string | undefined => {
  const folded = fold(password);
  const unit = shortestUnit(folded);
  if (unit.length <= SHORT_UNIT) return 'must not repeat the same few characters';
  if (SEQUENCES.some((sequence) => sequence.includes(folded)))
    return 'must not be a run of the alphabet or the keyboard';
  if ([folded, unit].some((text) => isCommon(text) || isDecoratedCommon(text)))
    return 'must not be a well-known password, nor one with digits or signs around it';
  if (onlyWords(folded, contextWords(context).map(fold)))
    return 'must not be made of your name, your address or the name of this service';
  return undefined;
};

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Whether nothing but digits and signs is left once the words are taken out. */
const onlyWords = (text: string, words: string[]): boolean => {
  const rest = words.sort((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ' '), text);
  return rest !== text && !/\p{L}/u.test(rest);
};
