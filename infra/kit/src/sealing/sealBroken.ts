/** Something sealed does not open: moved to another place, sealed under another key, or damaged. A fault, never "erased". */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';

  constructor(readonly field: string) {
    super(`the sealed ${field} does not open`);
  }
}
