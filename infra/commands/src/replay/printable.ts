/** Control characters, and those that turn the direction of text. A terminal obeys them, and names and user agents may hold them. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** A text in which nothing controls the terminal that shows it. */
export const printable = (text: string): string => text.replace(OBEYED, '\ufffd');
