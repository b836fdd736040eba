/** Words of letters, each perhaps an initial or hyphenated: what mail programs make no link of, and nobody can advertise with. */
const INERT = /^\p{L}[\p{L}\p{M}'’-]*\.?(?: \p{L}[\p{L}\p{M}'’-]*\.?)*$/u;
const MAX_CODE_POINTS = 60;

/**
 * The name a mail may greet with. Whoever registers an address types the name that its owner reads, so a name that could
 * be a link, a number or a message is left out (I-06).
 */
export const greetingName = (name: string): string | undefined =>
  [...name].length <= MAX_CODE_POINTS && INERT.test(name) ? name : undefined;
