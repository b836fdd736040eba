/**
 * The shortest text that, said again and again (the last time perhaps cut short), gives the whole; the whole itself when
 * there is none. Linear: the failure function of Knuth, Morris and Pratt.
 */
export const shortestUnit = (text: string): string => {
  const symbols = [...text];
  const borders = [0];
  for (let at = 1, length = 0; at < symbols.length; at += 1) {
    while (length > 0 && symbols[at] !== symbols[length]) length = borders[length - 1] ?? 0;
    if (symbols[at] === symbols[length]) length += 1;
    borders.push(length);
  }
  const period = symbols.length - (borders.at(-1) ?? 0);
  return period * 2 <= symbols.length ? symbols.slice(0, period).join('') : text;
};
