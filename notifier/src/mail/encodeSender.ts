/** Base64 makes 60 characters of it, which leaves room for the rest of an encoded word of at most 75 (RFC 2047, 2). */
const WORD_BYTES = 45;

/**
 * A sender as a header of a mail has it. SES takes a name that is not ASCII only in encoded words, and does not make them itself.
 *
 * @param sender `address` or `name <address>`; the name may be quoted.
 */
export const encodeSender = (sender: string): string => {
  const start = sender.lastIndexOf('<');
  const name = sender.slice(0, Math.max(0, start)).trim();
  return /^[ -~]*$/.test(name) ? sender : `${encodedWords(unquoted(name))} ${sender.slice(start)}`;
};

/** The address of a sender. */
export const addressOf = (sender: string): string => sender.slice(sender.lastIndexOf('<') + 1).replace(/>$/, '');

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replace(/\\(.)/gu, '$1') : name);

/** Blanks between encoded words are not shown. No character is divided. */
const encodedWords = (text: string): string => {
  const words = [''];
  for (const character of text) {
    const longer = words.at(-1) + character;
    if (Buffer.byteLength(longer) <= WORD_BYTES) words[words.length - 1] = longer;
    else words.push(character);
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
};
