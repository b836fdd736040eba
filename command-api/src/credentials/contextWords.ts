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
  /** Words of one or two letters, such as those of `O'Brien`, `de Vries` and `Li Wei`. Longer ones first. */
  pieces: string[];
}

/**
 * The words of the service's name and of the user's name and address; and, in one piece each, both names, the address, its
 * local part and its domain, because their words may all be too short to count alone. All of them in the spellings of
 * `passwordForms`, with umlauts and with two letters in their place, longer words first.
 */
export const contextWords = ({ email, name, appName }: PasswordContext): ContextWords => {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)];
  const domains = unique([domain, domainToUnicode(domain)]);
  const split = spelled([...SERVICE_WORDS, appName, name, email, ...domains]).flatMap((text) =>
    text.split(/[^\p{L}\p{M}]+/u),
  );
  const wholes = spelled([appName, name, local, ...domains, ...domains.map((each) => local + each)]).map(squeeze);
  const isWord = (text: string): boolean => length(text) >= MIN_WORD_LETTERS;
  return {
    words: longestFirst([...split.filter(isWord), ...wholes]),
    pieces: longestFirst(split.filter((text) => !isWord(text))),
  };
};

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
 * Whether no letter is left of a folded text once all words are removed. Words of few letters, or of digits alone, must make
 * up at least half of the text: twenty random digits around two initials are a good password. Pieces are removed only beside a
 * word.
 */
export const consistsOfWords = ({ words, pieces }: ContextWords, text: string): boolean => {
  let rest = text;
  for (const word of words) {
    const parts = rest.split(word);
    const counts = length(lettersOf(word)) >= MIN_WORD_LETTERS || (parts.length - 1) * length(word) * 2 >= length(text);
    if (counts) rest = parts.join(' ');
  }
  if (rest === text) return false;
  return !/\p{L}/u.test(pieces.reduce((left, piece) => left.split(piece).join(' '), rest));
};
