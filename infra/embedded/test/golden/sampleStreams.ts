import {
  type AppendResult,
  type EventStoreDBClient,
  type JSONType,
  jsonEvent,
  type MetadataType,
} from '@eventstore/db-client';

const PREFIX = 'gRUN-';

/** The name as it is in answers.jsonl. */
export const streamName = (name: string): string => `${PREFIX}${name}`;

export const isSampleStream = (stream: string): boolean => stream.startsWith(PREFIX);

export const sampleEvent = (
  type = 'T',
  data: JSONType | number | null = { a: 1 },
  more: { readonly id?: string; readonly metadata?: MetadataType } = {},
) => jsonEvent({ type, data: data as JSONType, ...more });

export const sampleEvents = (count: number, type = 'T') =>
  Array.from({ length: count }, (_, i) => sampleEvent(type, { i }));

/** Appends events without an expected revision. */
export const appendEvents = (
  client: EventStoreDBClient,
  stream: string,
  count = 1,
  type = 'T',
): Promise<AppendResult> => client.appendToStream(stream, sampleEvents(count, type));
