import {
  type AllStreamSubscription,
  type AppendExpectedRevision,
  EventStoreDBClient,
  type JSONType,
  jsonEvent,
} from '@eventstore/db-client';

const credentials = { username: 'test', password: 'test' };

/** The calls that tests of the event log server make, through the client library that the services use. */
export const eventLogClient = (url: string) => {
  const client = EventStoreDBClient.connectionString(url);
  return {
    client,
    append: (
      stream: string,
      expectedRevision: AppendExpectedRevision,
      events: readonly { id?: string; data?: JSONType }[] = [{}],
      deadline = 60_000,
    ) =>
      client.appendToStream(
        stream,
        events.map(({ id, data = {} }) => jsonEvent({ type: 'T', data, ...(id ? { id } : {}) })),
        { expectedRevision, credentials, deadline },
      ),
    ids: async (stream: string): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { event } of client.readStream(stream)) if (event) ids.push(event.id);
      return ids;
    },
    all: async (): Promise<{ id: string; stream: string; position: bigint }[]> => {
      const events: { id: string; stream: string; position: bigint }[] = [];
      for await (const { event } of client.readAll())
        if (event) events.push({ id: event.id, stream: event.streamId, position: event.position?.commit ?? -1n });
      return events;
    },
    dispose: () => client.dispose(),
  };
};

/** Records the events of a subscription: ids, errors, and how often it caught up. */
export const recordSubscription = (subscription: AllStreamSubscription) => {
  const record = { ids: [] as string[], caughtUp: 0, errors: [] as Error[] };
  subscription.on('data', ({ event }) => event && record.ids.push(event.id));
  subscription.on('caughtUp', () => {
    record.caughtUp += 1;
  });
  subscription.on('error', (error) => record.errors.push(error));
  return record;
};
