import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { eventLogContract } from '../../test/event-log-contract/eventLogContract.js';
import { startLogServer } from '../../test/logServer.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { settlesWithin } from '../../test/settlesWithin.js';
import { connectEventLog } from './connectEventLog.js';
import { LogUnavailable, NO_STREAM } from './eventLog.js';

/** An event log that waits longer than a busy machine takes. */
const connect = (url: string) =>
  connectEventLog({ url, log: silentLog, appendDeadlineMs: PATIENT_MS, readSilenceMs: PATIENT_MS });

eventLogContract('connectEventLog', async () => {
  const server = await startLogServer();
  const eventLog = connect(server.url);
  const close = async () => {
    await eventLog.close();
    await server.close();
  };
  return { eventLog, close };
});

describe('a closed event log', () => {
  it('F-36 fails appends and reads at once, not at their deadline', async () => {
    const server = await startLogServer();
    const eventLog = connect(server.url);
    await eventLog.head();
    await eventLog.close();
    const event = { id: randomUUID(), type: 'Event', data: {}, metadata: {} };
    for (const call of [eventLog.append('stream', [event], NO_STREAM), eventLog.head()]) {
      const refused = expect(call).rejects.toThrow(LogUnavailable);
      expect(await settlesWithin(1_000, refused)).toBe(true);
      await refused;
    }
    await server.close();
  });
});

describe('the maximum age of a tombstoned stream', () => {
  it('is ignored: it has no events to hide', async () => {
    const server = await startLogServer();
    const eventLog = connect(server.url);
    const client = EventStoreDBClient.connectionString(server.url);
    await client.tombstoneStream('stream');
    await expect(eventLog.setMaxAge('stream', 1)).resolves.toBeUndefined();
    expect(await eventLog.readStream('$$stream')).toEqual([]);
    await client.dispose();
    await eventLog.close();
    await server.close();
  });
});
