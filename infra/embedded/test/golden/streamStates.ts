import {
  ANY,
  type AppendExpectedRevision,
  type EventStoreDBClient,
  NO_STREAM,
  STREAM_EXISTS,
} from '@eventstore/db-client';
import { appendEvents } from './sampleStreams.js';

export const EXPECTED: Readonly<Record<string, AppendExpectedRevision>> = {
  any: ANY,
  no_stream: NO_STREAM,
  stream_exists: STREAM_EXISTS,
  0: 0n,
  2: 2n,
  7: 7n,
};

/** Puts a stream that does not exist yet into a state, by the name of the state. */
export const STATES: Readonly<Record<string, (client: EventStoreDBClient, stream: string) => Promise<unknown>>> = {
  missing: async () => undefined,
  three: (client, stream) => appendEvents(client, stream, 3),
  deleted: async (client, stream) => {
    await appendEvents(client, stream, 3);
    await client.deleteStream(stream);
  },
  tombstoned: async (client, stream) => {
    await appendEvents(client, stream, 3);
    await client.tombstoneStream(stream);
  },
  metaonly: (client, stream) => client.setStreamMetadata(stream, { custom: 1 }),
};
