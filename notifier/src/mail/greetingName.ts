/** Words of letters; each may be an initial or hyphenated. Mail programs turn none of these into a link. */
const PLAIN_NAME = /^\p{L}[\p{L}\p{M}'’-]*\.?(?: \p{L}[\p{L}\p{M}'’-]*\.?)*$/u;
const MAX_CODE_POINTS = 60;

/**
 * The name for a greeting, or `undefined` for one that could be read as a link, a number or a message (I-06): a client
 * can register another user's address with any name, and the owner of the address reads it.
 */
export const greetingName = (name: string): string | undefined =>
  [...name].length <= MAX_CODE_POINTS && PLAIN_NAME.test(name) ? name : undefined;
