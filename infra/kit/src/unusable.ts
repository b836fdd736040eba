/** An environment variable is invalid. The message completes a sentence that starts with its name; it never has the value. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}
