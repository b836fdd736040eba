import type { RecordedEvent } from '../events/event.js';
import { parseStream } from '../streams.js';
import { type PublicContent, publicContent } from './publicContent.js';

/** Where a fact stands in the log. A consumer acts on the fact from the log, never on the message about it. */
export interface Pointer {
  stream: string;
  revision: bigint;
  type: string;
  position: bigint;
}

/** One event outside the log: a pointer for this service's own consumers, public content for all others. */
export interface Message {
  /** The event's id: consumers deduplicate by it. */
  eventId: string;
  /** Messages of one key are handled one after another. The key is the id part of the stream. */
  key: string;
  correlationId: string | undefined;
  pointer: Pointer;
  /**
   * Every event of a user stream has one, so that a gap in revisions means loss. Other streams have none, and neither has a
   * message that was read from the work topic.
   */
  content: PublicContent | undefined;
}

/** Maps an event to its message; `undefined` for streams of other systems. Needs no key, since no message is personal. */
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

/** The correlation id in the metadata of a stored event. */
export const correlationIdOf = (metadata: unknown): string | undefined => {
  const id = (metadata as { $correlationId?: unknown } | null | undefined)?.$correlationId;
  return typeof id === 'string' ? id : undefined;
};
