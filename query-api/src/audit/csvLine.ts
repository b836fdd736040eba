/** What a spreadsheet takes for the begin of a formula, also behind blanks and in full width, and control characters (ASVS 1.2.10). */
const FORMULA = /^\s*[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** A line of CSV (RFC 4180). A text that a spreadsheet would compute is preceded by an apostrophe (I-07). */
export const csvLine = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\r\n`;

const csvField = (text: string): string => {
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
};
