import { BLANK_CHARACTERS } from '@ums/contracts/blankCharacters';
import { foldText } from '@ums/contracts/directory/foldText';

/** The texts that a password is judged by, in every spelling, each once. */
export interface PasswordForms {
  /** The whole password. */
  whole: string[];
  /** Its letters and digits. */
  squeezed: string[];
  /** Its letters and digits without the digits at its ends, and its letters, where that is at least half of `squeezed`. */
  cores: string[];
}

const BLANKS = new RegExp(`[${BLANK_CHARACTERS}]`, 'gu');

/** In lower case, without compatibility variants (Unicode NFKC) and without invisible characters. */
const foldLightly = (text: string): string =>
  text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .toLowerCase();

/** How a text is spelled to be compared: with its accents; and without accents and strokes, with `ss` for sharp s. */
export const SPELLINGS: readonly ((text: string) => string)[] = [foldLightly, foldText];

/** Blanks and signs between the characters, and digits around them, add nothing that an attacker does not try. */
export const passwordForms = (password: string): PasswordForms => {
  const typed = password.replace(BLANKS, ' ');
  const whole = unique(SPELLINGS.map((spell) => spell(typed)));
  const squeezed = unique(whole.map(squeeze));
  return { whole, squeezed, cores: unique(squeezed.flatMap(withoutDecoration)) };
};

export const unique = (texts: string[]): string[] => [...new Set(texts)];

/** A text without everything that is neither letter nor digit. */
export const squeeze = (text: string): string => text.replace(/[^\p{L}\p{M}\p{N}]+/gu, '');

export const lettersOf = (text: string): string => text.replace(/\P{L}+/gu, '');

/** In code points. */
export const length = (text: string): number => [...text].length;

/** The common password itself when it is repeated among digits, as in `1 dragon 2 dragon 3`. */
const withoutDecoration = (squeezed: string): string[] => {
  const core = /\p{L}(?:.*\p{L})?/su.exec(squeezed)?.[0] ?? '';
  return [core, lettersOf(squeezed)].filter((text) => text !== '' && length(text) * 2 >= length(squeezed));
};
