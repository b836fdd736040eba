import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { until } from '../../test/until.js';
import { type ConnectedEventLog, connectEventLog } from './connectEventLog.js';
import { LogUnavailable } from './eventLog.js';

/** Accepts connections and never answers. */
const hangingNode = async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.resume().on('error', () => undefined));
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, sockets, close };
};

describe('a cluster of which no node answers', () => {
  let nodes: Awaited<ReturnType<typeof hangingNode>>[];
  let eventLog: ConnectedEventLog;
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  beforeAll(async () => {
    process.on('unhandledRejection', note);
    nodes = await Promise.all([hangingNode(), hangingNode()]);
    const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join();
    const url = `esdb://${hosts}?tls=false&maxDiscoverAttempts=2&gossipTimeout=1&discoveryInterval=10`;
    eventLog = connectEventLog({ url, log: silentLog, readSilenceMs: 200, appendDeadlineMs: 200 });
  });
  afterAll(async () => {
    await eventLog.close();
    for (const { close } of nodes) close();
    process.off('unhandledRejection', note);
  });

  it('F-36 is a dependency that is down, and nothing rejects later without a handler', async () => {
    for (const read of [() => eventLog.readStream('user-x'), () => eventLog.readAll(undefined, 10), eventLog.head])
      await expect(read()).rejects.toBeInstanceOf(LogUnavailable);
    for (const { close } of nodes) close();
    // All reads wait for the same search of a node.
    await until(async () => {
      const failure = (await eventLog.head().catch((error: unknown) => error)) as LogUnavailable;
      return String(failure.cause).includes('Failed to discover');
    });
    expect(unhandled).toEqual([]);
  });
});
