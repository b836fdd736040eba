import { isCommon, isDecoratedCommon } from './commonPasswords.js';

/** The user that the password is for. */
export interface PasswordContext {
  email: string;
  name: string;
}

const MIN_CODE_POINTS = 15;
const MAX_CODE_POINTS = 128;
const SEQUENCE_SOURCES = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm'];
/** Both directions, each repeated to at least the longest password. */
const SEQUENCES = SEQUENCE_SOURCES.flatMap((run) => [run.repeat(13), [...run].reverse().join('').repeat(13)]);
/** A password that repeats a unit of at most this length is as weak as the unit. */
const SHORT_UNIT = 4;
const SERVICE_WORDS = ['user', 'management', 'service'];
/** Shorter words are ignored: too many strong passwords contain them. */
const MIN_WORD_LETTERS = 3;

/**
 * Why a password is refused, as a message for the user that does not repeat the password; `undefined` if it is accepted.
 * Checks the length in code points after NFC and a blocklist; there are no composition rules (NIST SP 800-63B-4 §3.1.1.2;
 * ASVS 6.2).
 */
export const passwordFault = (text: string, context: PasswordContext): string | undefined => {
  if (/\p{Surrogate}/u.test(text)) return 'must be well-formed Unicode text';
  const password = text.normalize('NFC');
  const length = [...password].length;
  if (length < MIN_CODE_POINTS) return `must have at least ${MIN_CODE_POINTS} characters`;
  if (length > MAX_CODE_POINTS) return `must have at most ${MAX_CODE_POINTS} characters`;
  return blocklistFault(password, context);
};

/** Why a password is among the first that an attacker tries although it is long enough. */
const blocklistFault = (password: string, context: PasswordContext): string | undefined => {
  const folded = fold(password);
  const unit = repeatedUnit(folded);
  if (unit.length <= SHORT_UNIT) return 'must not repeat the same few characters';
  if (SEQUENCES.some((sequence) => sequence.includes(folded)))
    return 'must not be a sequence of the alphabet, of digits or of the keyboard';
  if ([folded, unit].some((text) => isCommon(text) || isDecoratedCommon(text)))
    return 'must not be a common password, even with digits or symbols around it';
  if (consistsOf(contextWords(context).map(fold), folded))
    return 'must not consist of your name, your email address or the name of this service';
  return undefined;
};

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The words of the service's name and of the user's name and address. */
const contextWords = ({ email, name }: PasswordContext): string[] =>
  [...SERVICE_WORDS, ...wordsOf(name), ...wordsOf(email)].filter((word) => [...word].length >= MIN_WORD_LETTERS);

const wordsOf = (text: string): string[] => text.normalize('NFC').split(/[^\p{L}\p{M}]+/u);

/** Whether the text contains a word, and no letter is left once all words are removed. Removes longer words first. */
const consistsOf = (words: string[], text: string): boolean => {
  const rest = words.sort((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ' '), text);
  return rest !== text && !/\p{L}/u.test(rest);
};

/**
 * The shortest unit whose repetition gives the text, where the last repetition may be incomplete; the text itself if no
 * unit occurs twice. Linear time: the failure function of Knuth, Morris and Pratt.
 */
const repeatedUnit = (text: string): string => {
  const symbols = [...text];
  const borders = [0];
  for (let at = 1, length = 0; at < symbols.length; at += 1) {
    while (length > 0 && symbols[at] !== symbols[length]) length = borders[length - 1] ?? 0;
    if (symbols[at] === symbols[length]) length += 1;
    borders.push(length);
  }
  const period = symbols.length - (borders.at(-1) ?? 0);
  return period * 2 <= symbols.length ? symbols.slice(0, period).join('') : text;
};
