/** The content is longer than the caller accepts. Nothing was stored. */
export class ObjectTooLarge extends Error {
  override readonly name = 'ObjectTooLarge';

  constructor(maxBytes: number) {
    super(`the content is longer than ${maxBytes} bytes`);
  }
}
