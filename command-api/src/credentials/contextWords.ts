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

/** What a password may not consist of; see `consistsOfWords`. */
export interface ContextWords {
  /** Longer ones first. */
  words: string[];
  /**
   * Words of one or two letters in the user's name and the local part of their address, with their digits, as in `O'Brien`,
   * `de Vries` and `wu85`. Longer ones first. Digits separate no words: the local part may be random, such as a UUID.
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
    pieces: longestFirst(spelled([name, local]).flatMap(shortWords)),
  };
};

/** Whether a text has as many letters as a word that counts alone. */
export const isLong = (word: string): boolean => length(lettersOf(word)) >= MIN_WORD_LETTERS;

export const hasLetters = (word: string): boolean => /\p{L}/u.test(word);

/** Whether a text consists of letters and their signs. */
export const isLetters = (word: string): boolean => /^\p{L}[\p{L}\p{M}]*$/u.test(word);

const NO_LETTER_OR_DIGIT = /[^\p{L}\p{M}\p{N}]+/u;

const wordsOf = (texts: string[]): string[] => spelled(texts).flatMap((text) => text.split(/[^\p{L}\p{M}]+/u));

const shortWords = (text: string): string[] =>
  text.split(NO_LETTER_OR_DIGIT).filter((word) => hasLetters(word) && !isLong(word));

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
