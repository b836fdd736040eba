import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { TYPESCRIPT_LOADER } from '../../embedded/test/typescriptLoader.js';

const sourceOf = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
const SERVICE = `
  import express from 'express';
  import { listen } from ${sourceOf('./http/listen.ts')};
  import { run } from ${sourceOf('./lifecycle.ts')};
  await run(async (onClose) => {
    const app = express().get('/confirm', (request, response) => response.json({}));
    const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 });
    onClose(close);
    process.stdout.write(String(port));
  });
`;

describe('a service with DEBUG=* of the shell', () => {
  it('writes no token of a mailed link to stderr', async () => {
    const child = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, '--input-type=module', '--eval', SERVICE], {
      cwd: import.meta.dirname,
      env: { ...process.env, DEBUG: '*' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stderr = text(child.stderr);
    const port = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]).then(String);
    expect((await fetch(`http://127.0.0.1:${port}/confirm?token=canary`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await stderr).not.toContain('canary');
  });
});
