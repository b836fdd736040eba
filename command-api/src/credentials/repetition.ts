/** A password that repeats a unit of at most this length, in code points, is as weak as the unit. */
const SHORT_UNIT = 4;

/** Whether a text repeats a unit of a few characters, or each of its characters three times or more in a row. */
export const isShortRepetition = (text: string): boolean => {
  const unit = repeatedUnit(text);
  return (unit !== text && isShort(unit)) || text.replace(/(.)\1{2,}/gsu, '') === '';
};

/** Whether a text is no longer than a unit that may not be repeated. */
export const isShort = (text: string): boolean => [...text].length <= SHORT_UNIT;

/**
 * The shortest unit whose repetition gives the text, where the last repetition may be incomplete; the text itself if no
 * unit occurs twice.
 */
export const repeatedUnit = (text: string): string => {
  const symbols = [...text];
  const period = periodOf(symbols);
  return period * 2 <= symbols.length ? symbols.slice(0, period).join('') : text;
};

/** Every unit whose complete repetition gives the text, shortest first and the text itself last. */
export const completeUnits = (text: string): string[] => {
  const symbols = [...text];
  const period = periodOf(symbols);
  if (symbols.length % period !== 0) return [text];
  return Array.from({ length: symbols.length / period }, (_, at) => (at + 1) * period)
    .filter((size) => symbols.length % size === 0)
    .map((size) => symbols.slice(0, size).join(''));
};

/** Linear time: the failure function of Knuth, Morris and Pratt. */
const periodOf = (symbols: readonly string[]): number => {
  const borders = [0];
  for (let at = 1, length = 0; at < symbols.length; at += 1) {
    while (length > 0 && symbols[at] !== symbols[length]) length = borders[length - 1] ?? 0;
    if (symbols[at] === symbols[length]) length += 1;
    borders.push(length);
  }
  return symbols.length - (borders.at(-1) ?? 0);
};
