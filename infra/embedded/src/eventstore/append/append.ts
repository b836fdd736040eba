/** `any`: not checked. `stream_exists`: has at least one event. A bigint: the revision of its last event. */
export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | bigint;

export interface ProposedEvent {
  readonly id: string;
  readonly type: Buffer;
  readonly json: boolean;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

/** One call of Append: written as a whole or not at all. */
export interface Append {
  readonly stream: Buffer;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}

export interface Written {
  readonly written: true;
  /** Of its last event; undefined where there is none. */
  readonly revision: bigint | undefined;
  readonly position: bigint;
}

export interface Refused {
  readonly written: false;
  /** Revision of the stream's last event, undefined where there is no stream. */
  readonly actual: bigint | undefined;
}

export type AppendOutcome = Written | Refused;
