import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { TYPESCRIPT_LOADER } from '../../../embedded/test/typescriptLoader.js';

const SERVER = `
  import express from 'express';
  import { listen } from ${JSON.stringify(new URL('./listen.ts', import.meta.url).href)};
  const app = express().use((request, response) => request.resume().on('end', () => response.end()));
  const { port } = await listen(app, { host: '127.0.0.1', port: 0 });
  process.stdout.write(String(port));
`;

const statusOf = async (port: number, bytes: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  return (await text(socket)).slice(9, 12);
};

describe('with NODE_OPTIONS that are meant for other programs', () => {
  it('the server is as strict as without them, and takes headers of the same size', async () => {
    const child = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, '--input-type=module', '--eval', SERVER], {
      cwd: import.meta.dirname,
      env: { ...process.env, NODE_OPTIONS: '--insecure-http-parser --max-http-header-size=100000' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = Number(await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]).then(String));
    const statuses = await Promise.all([
      statusOf(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
      statusOf(port, 'GET / HTTP/1.1\nHost: a\n\n'),
      statusOf(port, 'GET / HTTP/1.1\r\nHost: a\r\nX: b\u0001\r\n\r\n'),
      statusOf(port, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n'),
      statusOf(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'b'.repeat(20_000)}\r\n\r\n`),
    ]);
    child.kill('SIGKILL');
    expect(statuses).toEqual(['200', '400', '400', '400', '431']);
  });
});
