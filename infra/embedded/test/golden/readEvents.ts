import type { EventStoreDBClient, Position, ReadStreamOptions, ResolvedEvent } from '@eventstore/db-client';
import { type FoundEvent, resultOrError } from './describeResult.js';

/** The events of a read, at most `limit`; breaks the iteration off there. */
export const collect = async (source: AsyncIterable<ResolvedEvent>, limit = Number.POSITIVE_INFINITY) => {
  const found: FoundEvent[] = [];
  for await (const event of source) {
    found.push(event as FoundEvent);
    if (found.length >= limit) break;
  }
  return found;
};

export const revisions = async (client: EventStoreDBClient, stream: string, options?: ReadStreamOptions) =>
  (await collect(client.readStream(stream, options))).map(({ event }) => event.revision);

export const revisionsOrError = (client: EventStoreDBClient, stream: string) =>
  resultOrError(() => revisions(client, stream));

/** `stream@revision` */
export const labelOf = ({ event }: FoundEvent): string => `${event.streamId}@${event.revision}`;

export const isBefore = (a: Position | undefined, b: Position | undefined): boolean =>
  a !== undefined && b !== undefined && (a.commit < b.commit || (a.commit === b.commit && a.prepare < b.prepare));

/** Whether the positions of the events rise. */
export const isRising = (positions: readonly (Position | undefined)[]): boolean =>
  positions.every((position, index) => index === 0 || isBefore(positions[index - 1], position));
