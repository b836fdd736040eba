const MAX_LENGTH = 120;

/** Text from a file as a message may show it: without characters that control a terminal or the direction of text, and not too long. */
export const printable = (text: string): string => {
  const shown = text.slice(0, MAX_LENGTH).replaceAll(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '?');
  return text.length > MAX_LENGTH ? `${shown}...` : shown;
};
