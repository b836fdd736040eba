/** Why one environment variable cannot be used: the end of a sentence that begins with its name; never its value. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}
