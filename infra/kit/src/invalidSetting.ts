/** An environment variable is invalid. The message completes a sentence that starts with its name; it never has the value. */
export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
}
