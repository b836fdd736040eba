/** A place for signed checkpoints that the writers of the log do not own. */
export interface Place {
  /** Label of its metrics and of its lines in the log. */
  readonly name: string;
  /**
   * Keeps a signed note, and those before it that a place which gets all has not. It may be repeated.
   * @throws DependencyUnavailable; errors of the file system
   */
  publish(note: SignedSize): Promise<void>;
  /**
   * A text whose last whole note is the latest that is kept; `undefined` when there is none. A place without this is not asked what
   * it holds: it keeps by itself what it still has to get.
   * @throws as `publish`
   */
  latest?(): Promise<string | undefined>;
}

/** A place that the notary reads back. */
export type ReadablePlace = Required<Place>;

/** A signed note, and the leaves it covers. */
export interface SignedSize {
  note: string;
  size: number;
}
