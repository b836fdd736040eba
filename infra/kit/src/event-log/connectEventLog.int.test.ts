import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { eventLogContract } from '../../test/event-log-contract/eventLogContract.js';
import { startLogServer } from '../../test/logServer.js';
import { connectEventLog } from './connectEventLog.js';
import { LogUnavailable, NO_STREAM } from './eventLog.js';

eventLogContract('connectEventLog', async () => {
  const server = await startLogServer();
  const eventLog = connectEventLog({ url: server.url, log: silentLog });
  const close = async () => {
    await eventLog.close();
    await server.close();
  };
  return { eventLog, close };
});

describe('a closed event log', () => {
  it('F-36 fails appends and reads at once, not at their deadline', async () => {
    const server = await startLogServer();
    const eventLog = connectEventLog({ url: server.url, log: silentLog });
    await eventLog.head();
    await eventLog.close();
    const event = { id: randomUUID(), type: 'Event', data: {}, metadata: {} };
    const since = performance.now();
    await expect(eventLog.append('stream', [event], NO_STREAM)).rejects.toThrow(LogUnavailable);
    await expect(eventLog.head()).rejects.toThrow(LogUnavailable);
    expect(performance.now() - since).toBeLessThan(1_000);
    await server.close();
  });
});

describe('the maximum age of a tombstoned stream', () => {
  it('is ignored: it has no events to hide', async () => {
    const server = await startLogServer();
    const eventLog = connectEventLog({ url: server.url, log: silentLog });
    const client = EventStoreDBClient.connectionString(server.url);
    await client.tombstoneStream('stream');
    await expect(eventLog.setMaxAge('stream', 1)).resolves.toBeUndefined();
    expect(await eventLog.readStream('$$stream')).toEqual([]);
    await client.dispose();
    await eventLog.close();
    await server.close();
  });
});
