import { startEventStore } from '@ums/embedded/eventstore/startEventStore';
import { testDatabase } from '../../embedded/test/postgres.js';

/** An embedded log server on a fresh database. */
export const startLogServer = async (): Promise<{ port: number; url: string; close(): Promise<void> }> => {
  const database = await testDatabase('log');
  const server = await startEventStore({ databaseUrl: database.url });
  return {
    port: server.port,
    url: server.url,
    close: async () => {
      await server.close();
      await database.drop();
    },
  };
};
