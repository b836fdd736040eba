import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { writeEngines } from '@ums/embedded/dataFolder/enginesFile';
import { logsCommand } from './logsCommand.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const serverWith = async (status: number): Promise<string> => {
  server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const run = (args: string[], env: Record<string, string> = {}): Promise<string> =>
  logsCommand(args, { DATA_DIR: '/nowhere', ...env }, { print: () => undefined, signal: new AbortController().signal });

describe('npm run logs', () => {
  it('explains its arguments', async () => {
    expect(await run(['--help'])).toMatch(/--correlation <id>/);
  });

  it('says that OPENSEARCH_URL is missing or wrong', async () => {
    await expect(run([])).rejects.toThrow(
      'No OpenSearch is running here: run npm start -- --engines, or set OPENSEARCH_URL.',
    );
    await expect(run([], { OPENSEARCH_URL: 'localhost:9200' })).rejects.toThrow('OPENSEARCH_URL must be an http');
  });

  it('asks the OpenSearch that was started with the running service', async () => {
    const DATA_DIR = await mkdtemp(join(tmpdir(), 'ums-logs-'));
    const credentials = { accessKeyId: 'i', secretAccessKey: 's' };
    const objectStorage = { endpoint: 'o', region: 'r', bucket: 'b', credentials };
    const urls = { api: 'a', inbox: 'i', objectStorage, eventLog: 'e', postgres: 'p', vault: 'v', users: 'u' };
    const openSearch = await serverWith(503);
    await writeEngines(DATA_DIR, { ...urls, openSearch });
    await expect(run([], { DATA_DIR })).rejects.toThrow(`OpenSearch at ${openSearch} answered with status 503.`);
    await rm(DATA_DIR, { recursive: true });
  });

  it('says that OpenSearch cannot be reached', async () => {
    const OPENSEARCH_URL = await serverWith(200);
    server?.close();
    await expect(run([], { OPENSEARCH_URL })).rejects.toThrow(
      `OpenSearch at ${OPENSEARCH_URL} cannot be reached (ConnectionError).`,
    );
  });

  it.each([
    [404, /has no logs: no service has shipped a line to logs-ums yet\.$/],
    [401, /refuses access \(401\); check OPENSEARCH_USERNAME and OPENSEARCH_PASSWORD\.$/],
    [503, /answered with status 503\.$/],
  ])('explains status %s', async (status, message) => {
    await expect(run([], { OPENSEARCH_URL: await serverWith(status) })).rejects.toThrow(message);
  });

  it('refuses to prune lines of age 0', async () => {
    await expect(run(['prune', '--older-than', '0d'])).rejects.toThrow('The age of --older-than must be at least 1d.');
  });

  it.each([[[]], [['--older-than']], [['--older-than', 'a month']], [['--older-than', '30d', 'now']]])(
    'refuses prune with %j',
    async (args) => {
      await expect(run(['prune', ...args])).rejects.toThrow(/^prune needs --older-than and an age, such as 30d\.\n/);
    },
  );
});
