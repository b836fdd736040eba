/**
 * A string of JSON and, if it is the name of a field, the colon behind it. Also a string without an end, so that the time is
 * linear for every text.
 */
const STRING = /"(?:[^"\\]|\\[\s\S])*(?:"(\s*:)?|\\?$)/g;

const countFields = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((count, inner) => count + countFields(inner), own);
};

/**
 * Whether an object in a JSON text has a name twice (RFC 8259 §4). `JSON.parse` keeps the last value; a proxy may have
 * checked the first.
 * @param parsed what `JSON.parse` returned for the text; it must not be nested deeper than the call stack allows
 */
export const hasRepeatedName = (text: string, parsed: unknown): boolean => {
  const names = [...text.matchAll(STRING)].filter(([, colon]) => colon !== undefined);
  return names.length > countFields(parsed);
};
