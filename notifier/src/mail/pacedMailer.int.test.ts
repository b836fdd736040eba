import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Mail, NotAccepted } from './mailer.js';
import { pacedMailer } from './pacedMailer.js';
import { sendingPace } from './sendingPace.js';
import { sendingPause } from './sendingPause.js';
import { sesMailer } from './sesMailer.js';

const mail: Mail = {
  ...{ to: 'ada@example.org', template: 'confirmation', eventId: '0b4a7d0e-0b5c-4a9e-8f4e-0d6c7a1b2c3d' },
  ...{ subject: 'subject', text: 'text', html: '<p>html</p>' },
};

/** An answer of SES: a refusal, or `undefined` for an accepted mail. */
type Refusal = [type: string, message: string] | undefined;

describe('F-25 mails to SES', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** A server that refuses all mails while `refusal` is set, and counts calls. */
  const startSes = async () => {
    const ses: { refusal: Refusal; calls: number } = { refusal: undefined, calls: 0 };
    const server: Server = createServer((request, response) => {
      ses.calls += 1;
      request.resume().on('end', () => {
        const [type, message] = ses.refusal ?? [];
        const headers = { 'content-type': 'application/json', ...(type && { 'x-amzn-errortype': type }) };
        response.writeHead(type === undefined ? 200 : 400, headers);
        response.end(JSON.stringify(type === undefined ? { MessageId: 'm' } : { message }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const mailer = sesMailer({
      endpoint,
      region: 'us-east-1',
      credentials: 'none',
      from: 'a@example.org',
      timeoutMs: 5_000,
    });
    closing.push(async () => mailer.close());
    return { ses, mailer };
  };

  it.each<[string, [string, string], number]>([
    ['the rate is exceeded', ['TooManyRequestsException', 'Maximum sending rate exceeded.'], 1_000],
    ['the quota of the day is gone', ['TooManyRequestsException', 'Daily message quota exceeded.'], 600_000],
    ['the account reached a limit', ['LimitExceededException', 'limit'], 600_000],
    ['the account is paused', ['SendingPausedException', 'paused'], 600_000],
    [
      'the account is paused, in words',
      ['MessageRejected', 'Sending paused for this account. For more, see X.'],
      600_000,
    ],
    ['the account is paused, in other words', ['MessageRejected', 'Account is paused'], 600_000],
    ['the account is suspended', ['AccountSuspendedException', 'suspended'], 600_000],
  ])('stop while %s, and continue once the pause is over', async (_, refusal, longestMs) => {
    const { ses, mailer } = await startSes();
    let now = 0;
    const paced = pacedMailer(mailer, { pace: sendingPace(1_000), pause: sendingPause(() => now), maxWaitMs: 1_000 });
    ses.refusal = refusal;
    await expect(paced.send(mail)).rejects.toThrow(NotAccepted);
    ses.refusal = undefined;
    expect(paced.isPaused?.()).toBe(true);
    for (let attempt = 1; attempt <= 5; attempt++) await expect(paced.send(mail)).rejects.toThrow(NotAccepted);
    now = longestMs / 2 - 1;
    expect([paced.isPaused?.(), ses.calls]).toEqual([true, 1]);
    now = longestMs + 1;
    expect(paced.isPaused?.()).toBe(false);
    expect(await paced.send(mail)).toEqual({ messageId: 'm' });
    expect(ses.calls).toBe(2);
  });

  it('are not stopped by one bad address or a lost answer', async () => {
    const { ses, mailer } = await startSes();
    const paced = pacedMailer(mailer, { pace: sendingPace(1_000), pause: sendingPause(), maxWaitMs: 1_000 });
    ses.refusal = ['MessageRejected', 'Email address is not verified.'];
    await expect(paced.send(mail)).rejects.toThrow('cannot be delivered');
    expect(paced.isPaused?.()).toBe(false);
  });

  it('wait for their turn, and come back later when it is too far off', async () => {
    const { ses, mailer } = await startSes();
    const paced = pacedMailer(mailer, { pace: sendingPace(20, () => 0), pause: sendingPause(), maxWaitMs: 60 });
    const sent = await Promise.allSettled([1, 2, 3, 4].map(() => paced.send(mail)));
    expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(ses.calls).toBe(2);
  });

  it('that wait for their turn when a pause begins are not sent', async () => {
    const { ses, mailer } = await startSes();
    const paced = pacedMailer(mailer, { pace: sendingPace(0.5), pause: sendingPause(() => 0), maxWaitMs: 5_000 });
    ses.refusal = ['TooManyRequestsException', 'Maximum sending rate exceeded.'];
    const sent = await Promise.allSettled([paced.send(mail), paced.send(mail)]);
    expect(sent.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(ses.calls).toBe(1);
  });
});
