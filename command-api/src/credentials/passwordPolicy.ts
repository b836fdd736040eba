import { isMadeOfCommon } from './commonPasswords.js';
import { consistsOfWords } from './consistsOfWords.js';
import { contextWords, type PasswordContext } from './contextWords.js';
import { consistsOfRuns } from './keyboardRuns.js';
import { length, passwordForms } from './passwordForms.js';
import { isShort, isShortRepetition, repeatedUnit } from './repetition.js';

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
/** A text with fewer letters and digits is mostly signs; what they spell is a coincidence. */
const MIN_SQUEEZED = 6;
/** A text of fewer code points is too short to be called a sequence. */
const MIN_SEQUENCE = 5;

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
 * Why a password is among the first that an attacker tries although it is long enough. The whole password is asked
 * for a sequence before anything else is asked for common passwords, because the dictionary holds sequences too.
 */
const blocklistFault = (password: string, context: PasswordContext): string | undefined => {
  const { whole, squeezed, cores } = passwordForms(password);
  const all = [...whole, ...squeezed.filter((text) => length(text) >= MIN_SQUEEZED), ...cores];
  if (whole.some(isShort) || all.some(isShortRepetition)) return PASSWORD_FAULTS.repetition;
  if (whole.some(isSequence)) return PASSWORD_FAULTS.sequence;
  if (all.some(isMadeOfCommon)) return PASSWORD_FAULTS.common;
  if (all.some(isSequence)) return PASSWORD_FAULTS.sequence;
  const words = contextWords(context);
  return [...whole, ...squeezed].some((text) => consistsOfWords(words, text)) ? PASSWORD_FAULTS.context : undefined;
};

const isSequence = (text: string): boolean =>
  [text, repeatedUnit(text)].some((part) => length(part) >= MIN_SEQUENCE && consistsOfRuns(part));
