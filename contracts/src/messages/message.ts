import type { RecordedEvent } from '../events/event.js';
import { parseStream } from '../streams.js';
import { type PublicContent, publicContent } from './publicContent.js';

/** Where a fact stands. A consumer acts on what the log says there, never on what a message says about it. */
export interface Pointer {
  stream: string;
  revision: bigint;
  type: string;
  position: bigint;
}

/** What is said about one event outside the log: a pointer for our own consumers, public content for everybody else. */
export interface Message {
  /** The event's id: what a consumer dedupes by. */
  eventId: string;
  /** Orders messages: those of one stream id are handled one after another. */
  key: string;
  correlationId: string | undefined;
  pointer: Pointer;
  /** Only events of a user stream have one; every event there has one, so that a gap in revisions means loss. */
  content: PublicContent | undefined;
}

/** Maps an event to its message. `undefined` for streams that are none of ours. Needs no key: nothing personal is in it. */
export const toMessage = (event: RecordedEvent): Message | undefined => {
  const stream = parseStream(event.stream);
  if (stream === undefined) return undefined;
  return {
    eventId: event.id,
    key: stream.id,
    correlationId: correlationIdOf(event.metadata),
    pointer: { stream: event.stream, revision: event.revision, type: event.type, position: event.position },
    content: stream.category === 'user' ? publicContent(stream.id, event) : undefined,
  };
};

const correlationIdOf = (metadata: unknown): string | undefined => {
  const id = (metadata as { $correlationId?: unknown } | null | undefined)?.$correlationId;
  return typeof id === 'string' ? id : undefined;
};
