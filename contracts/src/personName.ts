const MAX_CODE_POINTS = 100;

/**
 * A person's name as it is stored: NFC, 1 to 100 code points, no control characters, no unpaired surrogates.
 *
 * @returns `undefined` for text that is not a name of this form.
 */
export const personName = (text: string): string | undefined => {
  if (/\p{Surrogate}/u.test(text) || /\p{Cc}/u.test(text)) return undefined;
  const name = text.normalize('NFC');
  const length = [...name].length;
  return length >= 1 && length <= MAX_CODE_POINTS ? name : undefined;
};
