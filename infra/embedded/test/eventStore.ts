import { type EventStore, startEventStore } from '../src/eventstore/startEventStore.js';
import { testDatabase } from './postgres.js';

/** An empty event log server with its own database and port; `close` drops both. */
export const testEventStore = async (): Promise<Pick<EventStore, 'url' | 'close'>> => {
  const database = await testDatabase('log');
  const server = await startEventStore({ databaseUrl: database.url });
  const close = async () => {
    await server.close();
    await database.drop();
  };
  return { url: server.url, close };
};
