import { type ContextWords, hasLetters, isLetters, isLong } from './contextWords.js';
import { length, squeeze } from './passwordForms.js';

/** Stand for a word and a piece that were removed. No password contains them: they are no characters. */
const WORD = '\uFFFF';
const PIECE = '\uFFFE';

/**
 * Whether a folded text consists of words and pieces, with digits and signs between and around them. Where there are only pieces,
 * with digits between them, all letters must make up at least half of the text: twenty random digits around two initials are a
 * good password. So must a word of digits alone.
 */
export const consistsOfWords = (context: ContextWords, text: string): boolean => {
  const isHalf = (word: string) => (text.split(word).length - 1) * length(word) * 2 >= length(text);
  const mixed = context.words.filter((word) => hasLetters(word) && !isLetters(word));
  const digits = context.words.filter((word) => !hasLetters(word) && isHalf(word));
  const long = marked(text, [...mixed.filter(isLong), ...digits], WORD);
  const mixedPieces = context.pieces.filter((each) => !isLetters(each));
  const short = marked(marked(long, mixed, WORD), mixedPieces, PIECE);
  // A short word with digits may be a part of another word with digits behind it: `a1` of `ada1`.
  return [long, short].some((rest) => consistsOfLetters(context, rest, text));
};

const marked = (text: string, words: readonly string[], mark: string): string =>
  words.reduce((rest, word) => rest.replaceAll(word, mark), text);

/** @param rest the text with marks in place of what has digits */
const consistsOfLetters = ({ words, pieces }: ContextWords, rest: string, text: string): boolean => {
  const groups = rest.split(/\p{N}+/u).filter((group) => /[\p{L}\uFFFE\uFFFF]/u.test(group));
  const isMadeOf = (tiles: readonly string[]): boolean => groups.every((group) => isTiled(tiles, group));
  if (groups.length === 0 || !isMadeOf([...words, ...pieces])) return false;
  if (!rest.includes(PIECE) && isMadeOf(words)) return true;
  if (rest === text && !isLong(text)) return false;
  const long = words.filter(isLong);
  const hasWord = groups.some((group) => group.includes(WORD) || long.some((word) => squeeze(group).includes(word)));
  return hasWord || isOneName(groups) || length(text.replace(/[^\p{L}\p{M}]+/gu, '')) * 2 >= length(text);
};

const isOneName = ([first = '', ...others]: readonly string[]): boolean => others.length === 0 && isLong(first);

/** Whether tiles that follow each other cover all letters of a text. Words may overlap, as in `AnAna` for Ana An. */
const isTiled = (tiles: readonly string[], text: string): boolean => {
  const reached = new Set([0]);
  for (const at of reached) {
    if (at === text.length) return true;
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (!/\p{L}/u.test(character)) reached.add(at + character.length);
    for (const tile of tiles) if (text.startsWith(tile, at)) reached.add(at + tile.length);
  }
  return false;
};
