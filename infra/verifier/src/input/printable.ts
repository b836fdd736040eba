const MAX_LENGTH = 120;

/** Text from a file as a message may show it: without the characters that control a terminal, and not too long. */
export const printable = (text: string): string => {
  const shown = text.slice(0, MAX_LENGTH).replaceAll(/[^\x20-\x7e]/g, '?');
  return text.length > MAX_LENGTH ? `${shown}...` : shown;
};
