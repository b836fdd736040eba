const CLOSING = Buffer.from('--');

/**
 * Counts the delimiters in a form that comes in chunks (RFC 2046 §5.1.1), but for closing ones. The parser of forms passes over a part
 * whose header it does not understand, and over what follows a delimiter with anything behind it, such as blanks, and says nothing. So
 * what it reports is compared with this count.
 */
export const countParts = (boundary: string) => {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first delimiter needs no line before it.
  let rest = Buffer.from('\r\n');
  let count = 0;
  return {
    add: (chunk: Buffer): void => {
      const bytes = Buffer.concat([rest, chunk]);
      let from = 0;
      for (let at = bytes.indexOf(delimiter); at !== -1; at = bytes.indexOf(delimiter, from)) {
        const end = at + delimiter.length;
        if (bytes.length < end + CLOSING.length) {
          rest = bytes.subarray(at);
          return;
        }
        if (!bytes.subarray(end, end + CLOSING.length).equals(CLOSING)) count += 1;
        from = end;
      }
      rest = bytes.subarray(Math.max(from, bytes.length - delimiter.length + 1));
    },
    count: (): number => count,
  };
};
