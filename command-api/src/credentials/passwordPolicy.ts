import type { PasswordContext } from './contextWords.js';
import { guessable } from './guessable.js';

export const MIN_CODE_POINTS = 15;
export const MAX_CODE_POINTS = 128;

/**
 * Why a password is refused, in a sentence for its owner that does not repeat it; `undefined` when it is good.
 * Length in code points after NFC and a blocklist, no rules of composition (NIST SP 800-63B-4 §3.1.1.2; ASVS 6.2).
 */
export const passwordFault = (text: string, context: PasswordContext): string | undefined => {
  if (/\p{Surrogate}/u.test(text)) return 'must be well-formed Unicode text';
  const password = text.normalize('NFC');
  const length = [...password].length;
  if (length < MIN_CODE_POINTS) return `must have at least ${MIN_CODE_POINTS} characters`;
  if (length > MAX_CODE_POINTS) return `must have at most ${MAX_CODE_POINTS} characters`;
  return guessable(password, context);
};
