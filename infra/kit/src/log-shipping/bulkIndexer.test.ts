import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PATIENT_MS } from '../../test/patientMs.js';
import { bulkIndexer, UnexpectedAnswer } from './bulkIndexer.js';
import { openSearchClient } from './openSearchClient.js';
import { reasonOf } from './openSearchErrors.js';

let server: Server | undefined;
const close: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const each of close.splice(0)) await each();
  server?.closeAllConnections();
  server?.close();
});

/** A server that answers each request with the next function; the last one repeats. */
const indexerAt = async (...answers: ((ids: string[]) => { status?: number; json: unknown })[]) => {
  const requests: { ids: string[]; body: string; url: string }[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const ids = [...body.matchAll(/"_id":"([^"]+)"/g)].map(([, id = '']) => id);
    requests.push({ ids, body, url: request.url ?? '' });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    const { status = 200, json } = answer?.(ids) ?? { json: {} };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = openSearchClient({ url, requestTimeoutMs: PATIENT_MS });
  close.push(() => client.close());
  return { index: bulkIndexer({ client, index: 'logs-test', source: 's' }), requests };
};

const lines = (count: number) => Array.from({ length: count }, (_, number) => ({ number, text: `{"n":${number}}\n` }));
const items = (...statuses: number[]) => ({
  items: statuses.map((status) => ({
    create: { status, ...(status < 300 ? {} : { error: { type: `error_${status}` } }) },
  })),
});

describe('bulkIndexer', () => {
  it('F-30 sends the lines of a batch in one request that only creates, each with its own id', async () => {
    const { index, requests } = await indexerAt(() => ({ json: items(201, 201) }));
    expect(await index(lines(2))).toEqual({ indexed: 2, refused: 0, again: [] });
    expect(requests).toEqual([
      {
        ids: ['s-0', 's-1'],
        body: '{"create":{"_id":"s-0"}}\n{"n":0}\n{"create":{"_id":"s-1"}}\n{"n":1}\n',
        url: expect.stringMatching(/^\/logs-test\/_bulk/),
      },
    ]);
  });

  it('F-30 counts 409 as indexed and other 4xx as refused, and returns lines with 403, 429 or 5xx, and of a closed index', async () => {
    const closed = { create: { status: 400, error: { type: 'index_closed_exception' } } };
    const json = { items: [...items(201, 409, 400, 429, 503, 403).items, closed] };
    const { index } = await indexerAt(() => ({ json }));
    const seven = lines(7);
    expect(await index(seven)).toEqual({ indexed: 2, refused: 1, reason: 'error_400', again: seven.slice(3) });
  });

  it.each([400, 401, 429, 503])('F-30 throws when the whole request is answered with %s', async (status) => {
    const { index, requests } = await indexerAt(() => ({ status, json: { error: { reason: 'canary' } } }));
    const error = await index(lines(2)).catch((thrown: unknown) => thrown);
    expect(reasonOf(error)).toBe(`status ${status}`);
    expect(requests).toHaveLength(1);
  });

  it('F-30 throws when the answer does not match the request, as that of another server', async () => {
    const { index } = await indexerAt(() => ({ json: {} }));
    await expect(index(lines(2))).rejects.toThrow(UnexpectedAnswer);
  });

  it('F-30 halves a request that is too large, and refuses a line that alone is too large', async () => {
    const large = (ids: string[]) =>
      ids.includes('s-2') ? { status: 413, json: {} } : { json: items(...ids.map(() => 201)) };
    const { index, requests } = await indexerAt(large);
    expect(await index(lines(4))).toEqual({ indexed: 3, refused: 1, reason: 'too_large', again: [] });
    expect(requests.map(({ ids }) => ids.length)).toEqual([4, 2, 2, 1, 1]);
  });

  it('L-02 takes no text of an error as a reason', async () => {
    const { index } = await indexerAt(() => ({
      json: { items: [{ create: { status: 400, error: { type: 'a b"' } } }] },
    }));
    expect((await index(lines(1))).reason).toBe('unknown');
    expect([reasonOf('canary'), reasonOf(Object.assign(new Error('canary'), { name: 'not a name' }))]).toEqual([
      'unknown',
      'unknown',
    ]);
  });
});
