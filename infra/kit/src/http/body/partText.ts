/**
 * The text of a field of a form. Some generated clients send a string as `application/json`, in quotes: these are no part of it. What is
 * no JSON, or a number or a truth value, stays as it is: clients that name every field JSON also send plain text.
 *
 * @returns `null` for a field that is not set, `undefined` for an object or an array, which no text is meant with
 */
export const partText = (sent: string, mimeType: string): string | null | undefined => {
  if (mimeType.toLowerCase() !== 'application/json') return sent;
  const value = parsed(sent);
  if (value === null) return null;
  if (typeof value === 'object') return undefined;
  return typeof value === 'string' ? value : sent;
};

/** `sent` itself, if it is no JSON. */
const parsed = (sent: string): unknown => {
  try {
    return JSON.parse(sent);
  } catch {
    return sent;
  }
};
