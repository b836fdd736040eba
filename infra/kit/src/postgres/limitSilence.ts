import type { Socket } from 'node:net';
import type pg from 'pg';

/** What node-postgres has, and its types lack. */
interface Connected {
  connection: { stream: Socket };
  /** `false` while a statement runs. */
  readyForQuery: boolean;
}

const connectedOf = (client: pg.ClientBase) => client as pg.ClientBase & Connected;

/**
 * Breaks a connection whose server sends nothing for `ms` while a statement runs. The statement fails with `Query read timeout`,
 * as with the setting `query_timeout` of node-postgres. That setting makes a timer for each statement, and a closure that leads
 * from the statement to its rows: V8 then kept the rows of every statement until the next collection of the old generation.
 *
 * @param client connected
 */
export const limitSilence = (client: pg.ClientBase, ms: number): void => {
  const connected = connectedOf(client);
  const { stream } = connected.connection;
  stream.setTimeout(ms);
  // The event comes once after each silence, also after that of a connection without work.
  stream.on('timeout', () => {
    if (!connected.readyForQuery) stream.destroy(new Error('Query read timeout'));
  });
};

/** Replaces the limit that {@link limitSilence} set, for statements that take long. */
export const allowSilence = (client: pg.ClientBase, ms: number): void =>
  void connectedOf(client).connection.stream.setTimeout(ms);
