/**
 * Marks that change the sound of a letter or how it is written: accents, Hebrew and Arabic points, the dots of kana. Vowel
 * signs of Indic scripts are letters of their own and stay. Unicode does not count U+0653 to U+0655, which turn alef into
 * alef with hamza, as diacritics.
 */
const ACCENT = /(?=\p{M})[\p{Diacritic}\u0653-\u0655]/gu;

/** Latin letters with a stroke, and ligatures: Unicode does not decompose them (CLDR transform Latin-ASCII does). */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ...{ æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ł: 'l', ŧ: 't', þ: 'th' },
};
const UNDECOMPOSED_LETTER = new RegExp(`[${Object.keys(UNDECOMPOSED).join('')}]`, 'gu');

/**
 * Lower case then upper case then lower case, because JavaScript has no case folding: ẞ becomes ß, ß becomes SS, and ı
 * becomes I. Greek has two small sigmas, of which JavaScript writes one at the end of a word only.
 */
const foldCase = (text: string): string => text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');

/** Of such a text, only case and blanks are folded. Most texts are such ones. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * The form of a text that searches compare: without case, accents and compatibility variants (Unicode NFKD), without
 * invisible characters, with one form of apostrophes and hyphens, and with single blanks between words and none around them.
 * The projector stores it and query-api searches it; the database compares the results by bytes. Folding a folded text
 * changes nothing.
 */
export const foldText = (text: string): string =>
  PRINTABLE_ASCII.test(text) ? text.toLowerCase().replace(/ +/g, ' ').trim() : foldUnicode(text);

const foldUnicode = (text: string): string =>
  foldCase(
    text
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      .normalize('NFKD')
      .replace(ACCENT, ''),
  )
    .replace(UNDECOMPOSED_LETTER, (letter) => UNDECOMPOSED[letter] ?? letter)
    .replace(/[\u02BB\u02BC\u2018\u2019]/g, "'")
    .replace(/\p{Pd}/gu, '-')
    .replace(/\p{White_Space}+/gu, ' ')
    .trim();
