/**
 * Letters and symbols of Unicode 17 that are drawn as a blank or not at all, although they are neither white space nor
 * `Default_Ignorable_Code_Point`: the blank braille pattern, the object that a text stands for and does not hold, the
 * blanks of hieroglyphs, and the note without a head.
 */
export const BLANK_CHARACTERS = '\u2800\uFFFC\u{13441}\u{13442}\u{1D159}';
