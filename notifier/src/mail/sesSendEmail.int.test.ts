import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SendEmail, sesSendEmail } from './sesSendEmail.js';

const { signal: never } = new AbortController();

describe('sesSendEmail', () => {
  let server: Server;
  let received: { headers: IncomingHttpHeaders; body: string }[];
  let answer: (response: ServerResponse, body: string) => void;
  const clients: SendEmail[] = [];
  beforeEach(async () => {
    received = [];
    answer = (response, body) => response.end(JSON.stringify({ MessageId: JSON.parse(body).FromEmailAddress }));
    server = createServer(async (request, response) => {
      const body = await text(request);
      received.push({ headers: request.headers, body });
      response.writeHead(200, { 'content-type': 'application/json' });
      answer(response, body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const { close } of clients.splice(0)) close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const connect = (credentials?: 'none'): SendEmail => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = sesSendEmail({ endpoint, region: 'eu-central-1', credentials, timeoutMs: 5_000 });
    clients.push(client);
    return client;
  };
  const mailFrom = (from: string) => ({ FromEmailAddress: from, Content: { Raw: { Data: Buffer.from('text') } } });

  it('F-24 answers concurrent requests each with its own message id', async () => {
    const send = connect('none');
    const senders = Array.from({ length: 8 }, (_, n) => `sender-${n}@example.org`);

    const answers = await Promise.all(senders.map((from) => send(mailFrom(from), never)));

    expect(answers.map(({ MessageId }) => MessageId)).toEqual(senders);
  });

  it('F-25 ends a request that is aborted while its answer is read, and no other', async () => {
    const send = connect('none');
    const stop = new AbortController();
    const held: ServerResponse[] = [];
    answer = (response) => {
      response.write('{');
      held.push(response);
      if (held.length === 2) stop.abort(new Error('too late'));
    };

    const [aborted, other] = [send(mailFrom('a@example.org'), stop.signal), send(mailFrom('b@example.org'), never)];
    await expect(aborted).rejects.toThrow();
    for (const response of held) response.end('"MessageId":"1"}');

    expect((await other).MessageId).toBe('1');
  });

  it('reuses its connections', async () => {
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    const send = connect('none');

    for (let n = 0; n < 3; n++) await send(mailFrom('a@example.org'), never);

    expect(connections).toBe(1);
  });

  it('signs each request for the time and the content it is sent with', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test-id', AWS_SECRET_ACCESS_KEY: 'test-secret' });
    try {
      const send = connect();
      for (const from of ['a@example.org', 'b@example.org']) await send(mailFrom(from), never);
    } finally {
      for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
    }

    const signatures = received.map(({ headers }) => headers.authorization);
    for (const signature of signatures)
      expect(signature).toMatch(
        /^AWS4-HMAC-SHA256 Credential=test-id\/\d{8}\/eu-central-1\/ses\/aws4_request, .*Signature=[0-9a-f]{64}$/,
      );
    expect(new Set(signatures).size).toBe(2);
    for (const { headers } of received) expect(headers['x-amz-date']).toMatch(/^\d{8}T\d{6}Z$/);
  });

  it('sends region and service, but no signature, to an endpoint that checks none', async () => {
    await connect('none')(mailFrom('a@example.org'), never);

    expect(received[0]?.headers.authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=none/19700101/eu-central-1/ses/aws4_request, SignedHeaders=host, Signature=none',
    );
  });
});
