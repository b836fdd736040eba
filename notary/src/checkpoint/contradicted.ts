/** The log is not the one that a signed checkpoint states, or the checkpoint is not ours: an operator must look. */
export class Contradicted extends Error {
  override readonly name = 'Contradicted';
  readonly printable = true;
}
