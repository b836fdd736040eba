import { createServer } from 'node:net';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import mailStore from 'aws-ses-v2-local/dist/store.js';
import { type Ses, startSes } from './startSes.js';

let ses: Ses;
let client: SESv2Client;

const command = (changes: object = {}) =>
  new SendEmailCommand({
    FromEmailAddress: 'User service <no-reply@example.org>',
    Destination: { ToAddresses: ['ada@example.org'] },
    Content: {
      Simple: { Subject: { Data: 'Grüße' }, Body: { Text: { Data: 'text' }, Html: { Data: '<p>html</p>' } } },
    },
    ...changes,
  });

const store = async () => (await fetch(`${ses.url}/store`)).json() as Promise<{ emails: Record<string, unknown>[] }>;

const action = (fields: Record<string, string>) =>
  fetch(ses.url, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 x' },
    body: new URLSearchParams(fields),
  });

beforeAll(async () => {
  ses = await startSes({ port: 0 });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SESv2Client({ endpoint: ses.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
});

beforeEach(() => fetch(`${ses.url}/clear-store`, { method: 'POST' }));

afterAll(async () => {
  client.destroy();
  await ses.close();
});

describe('the local SES', () => {
  it('accepts a mail through the v2 API and lists mails oldest first', async () => {
    const { MessageId } = await client.send(command());
    await client.send(command({ Destination: { ToAddresses: ['bob@example.org'] } }));
    const { emails } = await store();
    expect(emails).toMatchObject([
      {
        messageId: MessageId,
        at: expect.any(Number),
        subject: 'Grüße',
        destination: { to: ['ada@example.org'] },
        body: { text: 'text', html: '<p>html</p>' },
      },
      { destination: { to: ['bob@example.org'] } },
    ]);
    const eml = await fetch(`${ses.url}/get-emlContent?messageId=${MessageId}`);
    expect(await eml.json()).toMatchObject({ messageId: MessageId, fileName: 'Grüße' });
  });

  it.each([
    ['no recipient', { Destination: { ToAddresses: [] } }],
    ['no destination', { Destination: undefined }],
    ['a recipient without domain', { Destination: { ToAddresses: ['nope'] } }],
    ['a recipient with a line break', { Destination: { ToAddresses: ['ada@example.org\r\nBcc: eve@example.org'] } }],
    ['a domain that is not ASCII', { Destination: { ToAddresses: ['ada@exämple.org'] } }],
    ['a bad copy', { Destination: { ToAddresses: ['ada@example.org'], CcAddresses: ['a..b@example.org'] } }],
    ['51 recipients', { Destination: { ToAddresses: Array(51).fill('ada@example.org') } }],
    ['a bad sender', { FromEmailAddress: 'nope' }],
    ['a sender whose quotes do not end', { FromEmailAddress: '"A <b> <a@example.org>' }],
    ['no sender', { FromEmailAddress: undefined }],
    ['a template', { Content: { Template: { TemplateName: 't', TemplateData: '{}' } } }],
  ])('F-25 refuses %s as SES does, without quoting the request', async (_, changes) => {
    const error = await client.send(command(changes)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'BadRequestException', $metadata: { httpStatusCode: 400 } });
    expect(String(error)).not.toContain('@');
    expect((await store()).emails).toEqual([]);
  });

  it.each([
    'a@example.org',
    'Club <a@example.org>',
    '"a, \\"b\\" <c>" <a@example.org>',
    '=?UTF-8?B?w5w=?= <a@b.example>',
  ])('accepts the sender %s', async (FromEmailAddress) => {
    await client.send(command({ FromEmailAddress }));
    expect((await store()).emails).toMatchObject([{ from: FromEmailAddress }]);
  });

  it('accepts v1 SendEmail and answers 400 to every other action and to bad addresses', async () => {
    const mail = {
      Action: 'SendEmail',
      Source: 'no-reply@example.org',
      'Destination.ToAddresses.member.1': 'ada@example.org',
      'Message.Subject.Data': 'Hello',
      'Message.Body.Text.Data': 'text',
    };
    expect((await action(mail)).status).toBe(200);
    for (const [changes, code] of [
      [{ Action: 'GetSendQuota' }, 'InvalidAction'],
      [{ Action: 'SendTemplatedEmail' }, 'InvalidAction'],
      [{ 'Destination.ToAddresses.member.1': 'nope' }, 'InvalidParameterValue'],
      [{ 'Destination.ToAddresses.member.2': 'bob@example.org' }, 'InvalidParameterValue'],
    ] as const) {
      const answer = await action({ ...mail, ...changes });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(`<Code>${code}</Code>`);
    }
    expect((await store()).emails).toHaveLength(1);
  });

  it('refuses requests that would crash or hang the library behind it, and keeps running', async () => {
    for (const path of [
      '/get-emlContent',
      '/get-emlContent?messageId=1',
      '/store?since=now',
      '/store?since=1&since=2',
      '/v2/email/templates',
    ]) {
      expect((await fetch(ses.url + path)).status).toBe(400);
    }
    const malformed = {
      Destination: { ToAddresses: 'ada@example.org' },
      FromEmailAddress: 'a@example.org',
      Content: { Simple: { Subject: { Data: 's' } } },
    };
    const headers = { 'content-type': 'application/json', authorization: 'AWS4-HMAC-SHA256 x' };
    const answer = await fetch(`${ses.url}/v2/email/outbound-emails`, {
      method: 'POST',
      headers,
      body: JSON.stringify(malformed),
    });
    expect(answer.status).toBe(400);
    expect((await store()).emails).toEqual([]);
  });

  it('L-02 refuses an unreadable body without quoting it', async () => {
    const headers = { 'content-type': 'application/json', authorization: 'AWS4-HMAC-SHA256 x' };
    for (const body of ['{"to": canary@example.org', JSON.stringify({ canary: 'x'.repeat(70_000) })]) {
      const answer = await fetch(`${ses.url}/v2/email/outbound-emails`, { method: 'POST', headers, body });
      expect([answer.status, await answer.json()]).toEqual([400, { message: 'The request cannot be read.' }]);
    }
  });

  it('serves the inbox page and the health check', async () => {
    const page = await fetch(ses.url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect((await fetch(`${ses.url}/health-check`)).status).toBe(200);
  });

  it('does not let a web page of another origin empty the inbox', async () => {
    const foreign = await fetch(`${ses.url}/clear-store`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    expect((await fetch(`${ses.url}/store`, { headers: { origin: ses.url } })).status).toBe(200);
  });

  it('R-07 keeps the newest thousand mails', async () => {
    await client.send(command({ Destination: { ToAddresses: ['first@example.org'] } }));
    const { emails } = mailStore.getStoreReadonly();
    const [first] = emails;
    if (first === undefined) throw new Error('the first mail is missing');
    for (let sent = 1; sent < 1_000; sent++)
      emails.push({ ...first, destination: { ...first.destination, to: ['later@example.org'] } });
    await client.send(command({ Destination: { ToAddresses: ['last@example.org'] } }));
    expect(emails).toHaveLength(1_000);
    expect(emails[0]?.destination.to).toEqual(['later@example.org']);
    expect(emails.at(-1)?.destination.to).toEqual(['last@example.org']);
  });

  it('listens on 127.0.0.1 only, and fails with one sentence when its port is taken', async () => {
    await expect(startSes({ port: ses.port })).rejects.toThrow(
      `Port ${ses.port} of 127.0.0.1 is taken by another program.`,
    );
    const other = createServer();
    await new Promise<void>((resolve, reject) => {
      other.once('error', reject);
      other.listen(ses.port, '127.0.0.2', resolve);
    });
    await new Promise((resolve) => other.close(resolve));
  });
});
