/**
 * The text of a field of a form. Some generated clients send a string as `application/json`, in quotes: these are no part of it.
 * JSON that is no string stays as it is, and is judged as text.
 */
export const partText = (sent: string, mimeType: string): string => {
  if (mimeType.toLowerCase() !== 'application/json') return sent;
  try {
    const value: unknown = JSON.parse(sent);
    return typeof value === 'string' ? value : sent;
  } catch {
    return sent;
  }
};
