/** A known event that lacks what its stored shape requires. Names the field, never its value. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';

  constructor(
    readonly storedType: string,
    readonly field: string,
  ) {
    super(`stored event ${storedType} has no valid ${field}`);
  }
}
