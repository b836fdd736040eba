/**
 * Counts the delimiters that begin a part in a form that comes in chunks (RFC 2046 §5.1.1). The parser of forms passes over a
 * part whose header it does not understand and says nothing, so what it reports is compared with this count.
 */
export const countParts = (boundary: string) => {
  const delimiter = Buffer.from(`\r\n--${boundary}\r\n`, 'latin1');
  // The first delimiter needs no line before it.
  let rest = Buffer.from('\r\n');
  let count = 0;
  return {
    add: (chunk: Buffer): void => {
      const bytes = Buffer.concat([rest, chunk]);
      let from = 0;
      for (let at = bytes.indexOf(delimiter); at !== -1; at = bytes.indexOf(delimiter, from)) {
        count += 1;
        // Its last line break may be the first of the next delimiter.
        from = at + delimiter.length - 2;
      }
      rest = bytes.subarray(Math.max(from, bytes.length - delimiter.length + 1));
    },
    count: (): number => count,
  };
};
