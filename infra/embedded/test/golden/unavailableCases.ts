import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { resultOrError } from './describeResult.js';
import { type GoldenCases, UNARY } from './goldenCases.js';
import { observeSubscription, waitFor } from './observeSubscription.js';
import { collect } from './readEvents.js';
import { sampleEvent } from './sampleStreams.js';

const TIMEOUT_MS = 15_000;

const clientOfAbsentServer = () => EventStoreDBClient.connectionString('esdb://127.0.0.1:1?tls=false');

const CALLS: Readonly<Record<string, (client: EventStoreDBClient) => Promise<unknown>>> = {
  'append/batch': (client) => client.appendToStream('x', sampleEvent()),
  'append/unary': (client) => client.appendToStream('x', sampleEvent(), UNARY),
  readall: (client) => collect(client.readAll()),
  delete: (client) => client.deleteStream('x'),
};

/** Calls to a port on which no server listens. */
export const unavailableCases: GoldenCases = {
  ...Object.fromEntries(
    Object.entries(CALLS).map(([name, call]) => [
      `unavailable.${name}`,
      () =>
        Promise.race([
          resultOrError(() => call(clientOfAbsentServer())),
          sleep(TIMEOUT_MS).then(() => `no answer in ${TIMEOUT_MS} ms`),
        ]),
    ]),
  ),

  'unavailable.subscribe': async () => {
    const observed = observeSubscription(clientOfAbsentServer().subscribeToStream('x'));
    await waitFor(() => observed.errors.length > 0, 5000);
    return observed.result();
  },
};
