import { domainToUnicode } from 'node:url';
import { length, lettersOf, SPELLINGS, squeeze, unique } from './passwordForms.js';

/** The user that the password is for, and the service. */
export interface PasswordContext {
  email: string;
  name: string;
  /** `APP_NAME`, as the user sees it in pages and mails. */
  appName: string;
}

/** What clients and operators call the service, whatever its name in pages and mails is. */
const SERVICE_WORDS = ['user', 'management', 'service'];
/** Shorter words do not count alone: too many strong passwords contain them. */
const MIN_WORD_LETTERS = 3;
/** Letters of German, Danish and Norwegian that are also written with two letters. */
const TRANSLITERATED: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };
const TRANSLITERATED_LETTER = /[äöüøå]/gu;

/** What a password may not consist of; see {@link contextWords}. */
export interface ContextWords {
  /** Longer ones first. */
  words: string[];
  /**
   * Words of one or two letters in the user's name and the local part of their address, as in `O'Brien`, `de Vries` and `Li Wei`.
   * Longer ones first.
   */
  pieces: string[];
}

/**
 * The words of the service's name and of the user's name and address; and, in one piece each, both names, the address, its
 * local part and its domain, because their words may all be too short to count alone. All of them in the spellings of
 * `passwordForms`, with umlauts and with two letters in their place.
 */
export const contextWords = ({ email, name, appName }: PasswordContext): ContextWords => {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)];
  const domains = unique([domain, domainToUnicode(domain)]);
  const words = wordsOf([...SERVICE_WORDS, appName, name, email, ...domains]);
  const wholes = spelled([appName, name, local, ...domains, ...domains.map((each) => local + each)]).map(squeeze);
  return {
    words: longestFirst([...words.filter(isLong), ...wholes]),
    pieces: longestFirst(wordsOf([name, local]).filter((word) => !isLong(word))),
  };
};

const isLong = (word: string): boolean => length(word) >= MIN_WORD_LETTERS;

const wordsOf = (texts: string[]): string[] => spelled(texts).flatMap((text) => text.split(/[^\p{L}\p{M}]+/u));

const longestFirst = (texts: string[]): string[] =>
  unique(texts)
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length);

const spelled = (texts: string[]): string[] =>
  unique(texts.flatMap(withTransliteration).flatMap((text) => SPELLINGS.map((spell) => spell(text))));

/** A text without such a letter is spelled as it is: what composing and lower case change, `foldText` changes too. */
const withTransliteration = (text: string): string[] => {
  const composed = text.normalize('NFC').toLowerCase();
  const transliterated = composed.replace(TRANSLITERATED_LETTER, (letter) => TRANSLITERATED[letter] ?? letter);
  return transliterated === composed ? [text] : [text, transliterated];
};

/**
 * Whether no letter is left of a folded text once all words and pieces are removed. Words of few letters, or of digits alone, must
 * make up at least half of the text: twenty random digits around two initials are a good password. Where there are only pieces,
 * they must have as many letters as a word: `Wu Li` for a user of the name Li Wu.
 */
export const consistsOfWords = ({ words, pieces }: ContextWords, text: string): boolean => {
  let rest = text;
  for (const word of words) {
    const parts = rest.split(word);
    const counts = length(lettersOf(word)) >= MIN_WORD_LETTERS || (parts.length - 1) * length(word) * 2 >= length(text);
    if (counts) rest = parts.join(' ');
  }
  const left = pieces.reduce((remaining, piece) => remaining.split(piece).join(' '), rest);
  if (/\p{L}/u.test(left)) return false;
  return rest !== text || length(lettersOf(text)) >= MIN_WORD_LETTERS;
};
