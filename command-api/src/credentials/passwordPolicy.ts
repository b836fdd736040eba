import { domainToUnicode } from 'node:url';
import { isCommon, isDecoratedCommon } from './commonPasswords.js';

/** The user that the password is for, and the service. */
export interface PasswordContext {
  email: string;
  name: string;
  /** `APP_NAME`, as the user sees it in pages and mails. */
  appName: string;
}

export const MIN_CODE_POINTS = 15;
export const MAX_CODE_POINTS = 128;
/** Why a password is refused, as messages for the user. */
export const PASSWORD_FAULTS = {
  malformed: 'must be well-formed Unicode text without line breaks, tabs or other control characters',
  tooShort: `must have at least ${MIN_CODE_POINTS} characters`,
  tooLong: `must have at most ${MAX_CODE_POINTS} characters`,
  repetition: 'must not repeat the same few characters',
  sequence: 'must not be a sequence of the alphabet, of digits or of the keyboard',
  common: 'must not be a common password, even with digits or symbols around it',
  context: 'must not consist of your name, your email address or the name of this service',
} as const;
export type PasswordFault = keyof typeof PASSWORD_FAULTS;

/** A field of a form takes no control characters, and browsers drop line breaks that are pasted into it (RFC 8265 §4.2.1). */
const MALFORMED = /[\p{Surrogate}\p{Cc}]/u;
const SEQUENCE_SOURCES = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm'];
/** Both directions, each repeated to at least the longest password. */
const SEQUENCES = SEQUENCE_SOURCES.flatMap((run) => [run.repeat(13), [...run].reverse().join('').repeat(13)]);
/** A password that repeats a unit of at most this length is as weak as the unit. */
const SHORT_UNIT = 4;
/** What clients and operators call the service, whatever its name in pages and mails is. */
const SERVICE_WORDS = ['user', 'management', 'service'];
/** Shorter words are ignored: too many strong passwords contain them. */
const MIN_WORD_LETTERS = 3;
/** A text with fewer letters and digits is mostly signs; what they spell is a coincidence. */
const MIN_SQUEEZED = 6;

/**
 * Why a password is refused, as a message for the user that does not repeat the password; `undefined` if it is accepted.
 * Checks the length in code points after NFC and a blocklist; there are no composition rules (NIST SP 800-63B-4 §3.1.1.2;
 * ASVS 6.2).
 */
export const passwordFault = (text: string, context: PasswordContext): string | undefined => {
  if (MALFORMED.test(text)) return PASSWORD_FAULTS.malformed;
  const password = text.normalize('NFC');
  const codePoints = length(password);
  if (codePoints < MIN_CODE_POINTS) return PASSWORD_FAULTS.tooShort;
  if (codePoints > MAX_CODE_POINTS) return PASSWORD_FAULTS.tooLong;
  return blocklistFault(password, context);
};

/**
 * Why a password is among the first that an attacker tries although it is long enough. The text is judged as it is
 * and without its separators: blanks and signs between the characters add nothing that an attacker does not try.
 */
const blocklistFault = (password: string, context: PasswordContext): string | undefined => {
  const folded = fold(password);
  const squeezed = squeeze(password);
  const texts = length(squeezed) >= MIN_SQUEEZED ? [folded, squeezed] : [folded];
  const cores = withoutDecoration(squeezed);
  if ([...texts, ...cores].some(isShortRepetition)) return PASSWORD_FAULTS.repetition;
  if (isSequence(folded)) return PASSWORD_FAULTS.sequence;
  if ([...texts, ...cores].some(isCommonOrRepeatsCommon)) return PASSWORD_FAULTS.common;
  if (texts.some(isSequence)) return PASSWORD_FAULTS.sequence;
  const words = contextWords(context);
  if ([folded, squeezed].some((text) => consistsOf(words, text))) return PASSWORD_FAULTS.context;
  return undefined;
};

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The folded text without everything that is neither letter nor digit. */
const squeeze = (text: string): string => fold(text).replace(/[^\p{L}\p{M}\p{N}]+/gu, '');

const length = (text: string): number => [...text].length;

const isSequence = (text: string): boolean => SEQUENCES.some((sequence) => sequence.includes(text));

const isShortRepetition = (text: string): boolean => {
  const unit = repeatedUnit(text);
  return length(unit) <= SHORT_UNIT && unit !== text;
};

/** An entry may itself be a repetition, such as `lollol`, so twice the unit counts too. */
const isCommonOrRepeatsCommon = (text: string): boolean => {
  const unit = repeatedUnit(text);
  return [text, unit, unit + unit].some((part) => isCommon(part) || isDecoratedCommon(part));
};

/**
 * What remains of a squeezed text without the digits at its ends, and without any digit if most of it is letters: the common
 * password itself when it is repeated among digits, as in `1 dragon 2 dragon 3`.
 */
const withoutDecoration = (squeezed: string): string[] => {
  const core = /\p{L}(?:.*\p{L})?/su.exec(squeezed)?.[0] ?? '';
  const letters = lettersOf(squeezed);
  return [core, letters].filter((text) => text !== '' && length(text) * 2 >= length(squeezed));
};

const lettersOf = (text: string): string => text.replace(/\P{L}+/gu, '');

/**
 * The words of the service's name and of the user's name and address; and, in one piece each, both names, the address, its
 * local part and its domain, because their words may all be too short to count alone.
 */
const contextWords = ({ email, name, appName }: PasswordContext): string[] => {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)];
  const domains = [domain, domainToUnicode(domain)];
  const words = [...SERVICE_WORDS, ...[appName, name, email, ...domains].flatMap(wordsOf)];
  const wholes = [appName, name, local, ...domains, ...domains.map((spelled) => local + spelled)].map(squeeze);
  return [
    ...words.map(fold).filter((word) => length(word) >= MIN_WORD_LETTERS),
    ...wholes.filter((whole) => whole !== ''),
  ];
};

const wordsOf = (text: string): string[] => text.normalize('NFC').split(/[^\p{L}\p{M}]+/u);

/**
 * Whether no letter is left once all words are removed, longer words first. Words of few letters, or of digits alone, must
 * make up at least half of the text: twenty random digits around two initials are a good password.
 */
const consistsOf = (words: readonly string[], text: string): boolean => {
  let rest = text;
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    const pieces = rest.split(word);
    const counts =
      length(lettersOf(word)) >= MIN_WORD_LETTERS || (pieces.length - 1) * length(word) * 2 >= length(text);
    if (counts) rest = pieces.join(' ');
  }
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
