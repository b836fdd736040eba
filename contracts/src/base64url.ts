/** UTF-8 in base64url, without padding. */
export const encodeText = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

/**
 * The text that `encodeText` has encoded; `undefined` for a spelling that it does not make. Node drops what is left over at the end, so
 * that a text that was cut off would decode. Whole bytes that are missing show only where the text has a definite end.
 */
export const decodeText = (encoded: string): string | undefined => {
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  return encodeText(text) === encoded ? text : undefined;
};
