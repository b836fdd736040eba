/** A place for signed checkpoints that the writers of the log do not own. */
export interface Place {
  /** Label of its metrics and of its lines in the log. */
  readonly name: string;
  /** Keeps a signed note. It may be repeated. @throws DependencyUnavailable; errors of the file system */
  publish(note: SignedSize): Promise<void>;
  /** A text whose last whole note is the latest that is kept; `undefined` when there is none. @throws as `publish` */
  latest(): Promise<string | undefined>;
}

/** A signed note, and the leaves it covers. */
export interface SignedSize {
  note: string;
  size: number;
}
