import { Fault } from '../fault.js';

/**
 * Parses JSON that is written as ECMAScript writes it, so that no byte can change without changing the value: no white space, no
 * repeated member, no other notation of a number or character.
 *
 * @param what names the text in messages
 * @param indents the indentations that are allowed, 0 for none
 * @throws Fault
 */
export const parseStrictly = (text: string, what: string, indents: readonly number[] = [0]): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    if (indents.some((indent) => JSON.stringify(value, null, indent) === text)) return value;
  } catch (error) {
    // A RangeError comes of very many levels.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new Fault(`${what} is no JSON.`, { cause: error });
  }
  throw new Fault(`${what} is not written as JSON.stringify writes it.`);
};
