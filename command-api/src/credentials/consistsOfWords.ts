import { type ContextWords, isLetters, isLong } from './contextWords.js';
import { length, squeeze } from './passwordForms.js';

/** Stand for a word and a piece that were removed. No password contains them: they are no characters. */
const WORD = '\uFFFF';
const PIECE = '\uFFFE';

/**
 * Whether a folded text consists of words and pieces, with digits and signs between and around them. Words of few letters, or of
 * digits alone, must make up at least half of the text, and so must all letters where there are only pieces, with digits between
 * them: twenty random digits around two initials are a good password.
 */
export const consistsOfWords = ({ words, pieces }: ContextWords, text: string): boolean => {
  let rest = text;
  for (const word of words.filter((each) => !isLetters(each) || !isLong(each))) {
    const parts = rest.split(word);
    const counts = isLong(word) || (parts.length - 1) * length(word) * 2 >= length(text);
    if (counts) rest = parts.join(WORD);
  }
  for (const piece of pieces.filter((each) => !isLetters(each))) rest = rest.split(piece).join(PIECE);
  const groups = rest.split(/\p{N}+/u).filter((group) => /[\p{L}\uFFFE\uFFFF]/u.test(group));
  const long = words.filter(isLong);
  if (!groups.every((group) => isTiled([...long, ...pieces], group))) return false;
  if (rest === text && !isLong(text)) return false;
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
