import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { until } from '../../../test/until.js';
import { type Listening, listen } from '../listen.js';
import { trustedProxies } from '../request/trustedProxies.js';

let server: Listening;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

const start = async (proxies: string[] = []): Promise<void> => {
  const app = express().set('trust proxy', trustedProxies(proxies));
  app.get('/', (_request, response) => void response.json({}));
  server = await listen(app, { host: '127.0.0.1', port: 0, maxConnections: 8 });
};
/** Opens connections of one source, one after the other, that begin a request and do not end it. */
const open = async (localAddress: string, count: number): Promise<Socket[]> => {
  const opened: Socket[] = [];
  for (let index = 0; index < count; index++) {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
    opened.push(socket);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    socket.write('GET / HTTP/1.1\r\n');
  }
  return opened;
};
/** Whether a connection is served, or was closed. */
const isServed = (socket: Socket): Promise<boolean> =>
  new Promise((resolve) => {
    socket.once('data', () => resolve(true)).once('close', () => resolve(false));
    if (socket.destroyed) resolve(false);
    else socket.write('Host: a\r\n\r\n');
  });
const served = async (opened: Socket[]): Promise<boolean[]> => Promise.all(opened.map(isServed));

describe('limitConnections', () => {
  it('H-03 closes the oldest connection of the source that holds most for one of another source', async () => {
    await start();
    const few = await open('127.0.0.2', 2);
    const many = await open('127.0.0.3', 6);
    const others = [...(await open('127.0.0.4', 1)), ...(await open('127.0.0.5', 1))];
    await until(() => many.filter(({ destroyed }) => destroyed).length === 2);
    expect(await served(many)).toEqual([false, false, true, true, true, true]);
    expect(await served([...few, ...others])).toEqual([true, true, true, true]);
  });

  it('H-03 closes a new connection of the source that holds most, and lets it connect again later', async () => {
    await start();
    const first = await open('127.0.0.2', 8);
    expect(await served(await open('127.0.0.2', 1))).toEqual([false]);
    first[0]?.destroy();
    await until(async () => (await served(await open('127.0.0.2', 1)))[0] === true);
    expect(await served(first.slice(1))).toEqual(Array(7).fill(true));
  });

  it('H-03 closes no connection of a proxy for those of others', async () => {
    await start(['127.0.0.9']);
    const direct = await open('127.0.0.2', 3);
    const proxied = await open('127.0.0.9', 6);
    expect(await served(await open('127.0.0.4', 1))).toEqual([true]);
    expect(await served(await open('127.0.0.9', 3))).toEqual([true, true, false]);
    expect(await served(proxied)).toEqual(Array(6).fill(true));
    expect(await served(direct)).toEqual([false, false, false]);
  });
});
