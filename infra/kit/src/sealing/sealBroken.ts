/** A sealed value cannot be opened: it was moved, sealed with another key, or damaged. Erased values do not throw this. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';

  constructor(readonly field: string) {
    super(`the sealed ${field} cannot be opened`);
  }
}
