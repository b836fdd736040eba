import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import sesLocal from 'aws-ses-v2-local';
import { temporaryFolder } from '../../../infra/engines/test/atEndOfFile.js';
import { withEnvironment } from '../../../infra/engines/test/withEnvironment.js';
import { testCertificates } from '../../../infra/kit/test/testCertificates.js';
import { AnsweredByProxy, type Mail, NotAccepted, Undeliverable } from './mailer.js';
import { sesMailer } from './sesMailer.js';

const mail: Mail = {
  to: 'ada@example.org',
  template: 'confirmation',
  eventId: '0b4a7d0e-0b5c-4a9e-8f4e-0d6c7a1b2c3d',
  subject: 'Grüße',
  text: 'text',
  html: '<p>html</p>',
};

describe('the SES mailer', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const urlOf = (server: Server): string => {
    closing.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return urlOf(server);
  };

  const mailerAt = (endpoint: string, timeoutMs = 5_000, from = 'users@example.org') => {
    const mailer = sesMailer({ endpoint, region: 'us-east-1', credentials: 'none', from, timeoutMs });
    closing.push(() => mailer.close());
    return mailer;
  };

  const refusing =
    (status: number, type: string): RequestListener =>
    (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(status, { 'x-amzn-errortype': type, 'content-type': 'application/json' });
        response.end(JSON.stringify({ message: `refused: ${mail.to}` }));
      });
    };

  it('F-24 sends text, HTML and the event id', async () => {
    const endpoint = urlOf(await sesLocal.default({ host: '127.0.0.1', port: 0 }));

    const { messageId } = await mailerAt(endpoint).send(mail);

    const { emails } = (await (await fetch(`${endpoint}/store`)).json()) as { emails: Record<string, unknown>[] };
    expect(emails.filter((email) => email.messageId === messageId)).toMatchObject([
      {
        from: 'users@example.org',
        destination: { to: [mail.to] },
        subject: mail.subject,
        body: { text: mail.text, html: mail.html },
        headers: expect.arrayContaining([{ name: 'X-Event-Id', value: mail.eventId }]),
      },
    ]);
  });

  it.each([
    [400, 'MessageRejected', Undeliverable],
    [400, 'BadRequestException', Undeliverable],
    [400, 'LimitExceededException', NotAccepted],
    [400, 'SendingPausedException', NotAccepted],
    [400, 'ThrottlingException', NotAccepted],
    [400, 'RequestExpired', NotAccepted],
    [429, 'TooManyRequestsException', NotAccepted],
    [403, 'AccessDeniedException', NotAccepted],
    [500, 'InternalFailure', NotAccepted],
    [503, 'ServiceUnavailable', NotAccepted],
  ])('F-25 distinguishes a refused mail from a temporary failure: %d %s', async (status, type, expected) => {
    const mailer = mailerAt(await serve(refusing(status, type)));

    const refusal = await mailer.send(mail).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(expected);
    expect((refusal as Error).message).not.toContain(mail.to);
  });

  it('F-25 encodes a name of the sender that is not ASCII', async () => {
    let sent = '';
    const accept: RequestListener = async (request, response) => {
      sent = JSON.parse(await text(request)).FromEmailAddress;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"MessageId":"1"}');
    };
    await mailerAt(await serve(accept), 5_000, 'Schüler <users@example.org>').send(mail);
    expect(sent).toBe('=?UTF-8?B?U2Now7xsZXI=?= <users@example.org>');
  });

  const sendTo = async (type: string, message: string) => {
    const refuse: RequestListener = (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(400, { 'x-amzn-errortype': type, 'content-type': 'application/json' });
        response.end(JSON.stringify({ message }));
      });
    };
    return mailerAt(await serve(refuse)).send(mail);
  };

  it.each([
    ['Users@example.org', NotAccepted],
    ['User accounts <users@example.org>', NotAccepted],
    ['=?UTF-8?B?U2Now7xsZXI=?= <Users@example.org>', NotAccepted],
    ['more-users@example.org', Undeliverable],
    ['Users <more-users@example.org>', Undeliverable],
    [`${mail.to}, users@example.org`, NotAccepted],
    [mail.to, Undeliverable],
    ['account-paused@example.net', Undeliverable],
    ['sending@paused.example', Undeliverable],
  ])('F-25 knows a sender who is not verified from an addressee in the sandbox: %s', async (identity, expected) => {
    const message = `Email address is not verified. The following identities failed the check in region X: ${identity}`;
    await expect(sendTo('MessageRejected', message)).rejects.toThrow(expected);
  });

  it.each(['BadRequestException', 'MessageRejected'])(
    'F-25 keeps mails while the configuration set of the sender is missing: %s',
    async (type) => {
      const missing = sendTo(type, 'Configuration set <users> does not exist.');
      await expect(missing).rejects.toThrow(NotAccepted);
      await expect(sendTo(type, 'Header <X-Set> does not exist.')).rejects.toThrow(Undeliverable);
    },
  );

  it.each([
    [302, NotAccepted],
    [400, NotAccepted],
    [403, NotAccepted],
    [407, NotAccepted],
    [429, NotAccepted],
    [500, AnsweredByProxy],
    [502, AnsweredByProxy],
    [503, AnsweredByProxy],
    [504, AnsweredByProxy],
    [524, AnsweredByProxy],
    [200, AnsweredByProxy],
  ])(
    'F-24 F-25 knows from the page of a proxy whether the mail may have been accepted: %d',
    async (status, expected) => {
      const page: RequestListener = (request, response) => {
        request.resume().on('end', () => {
          response.writeHead(status, { 'content-type': 'text/html' });
          response.end('<html><body>Service Temporarily Unavailable</body></html>');
        });
      };

      const failure = await mailerAt(await serve(page))
        .send(mail)
        .catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(expected);
      expect(failure instanceof NotAccepted).toBe(expected === NotAccepted);
      expect(failure).not.toBeInstanceOf(Undeliverable);
    },
  );

  it.each(['', 'null', '"busy"', '{"message":"upstream"}', '{"code":400}', '{"error":"bad gateway"}'])(
    'F-24 takes the answer of a proxy for none of SES, whatever its body is: %s',
    async (body) => {
      for (const [status, expected] of [
        [400, NotAccepted],
        [502, AnsweredByProxy],
        [200, AnsweredByProxy],
      ] as const) {
        const answer: RequestListener = (request, response) => {
          request.resume().on('end', () => {
            response.writeHead(status, { 'content-type': 'application/json' }).end(body);
          });
        };
        await expect(mailerAt(await serve(answer)).send(mail)).rejects.toThrow(expected);
      }
    },
  );

  it('F-24 makes one request per call, also after an error', async () => {
    let requests = 0;
    const endpoint = await serve((request, response) => {
      requests += 1;
      refusing(500, 'InternalFailure')(request, response);
    });

    await expect(mailerAt(endpoint).send(mail)).rejects.toThrow(NotAccepted);

    expect(requests).toBe(1);
  });

  it('F-25 ends a call that is not answered in time with an unknown outcome', async () => {
    let onClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    const endpoint = await serve((_, response) => response.on('close', onClosed));

    // Longer than a connection takes on a busy machine: before there is one, the outcome is known.
    const failure = await mailerAt(endpoint, 2_000)
      .send(mail)
      .catch((error: unknown) => error);
    await closed;

    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(NotAccepted);
    expect(failure).not.toBeInstanceOf(Undeliverable);
  });

  it('F-24 reports a mail as not accepted when there was no connection', async () => {
    await expect(mailerAt('http://127.0.0.1:1').send(mail)).rejects.toThrow(NotAccepted);
  });

  it.each(['refuse', 'hang'] as const)(
    'F-24 reports a mail as not accepted when credentials cannot be had: %s',
    async (how) => {
      let requests = 0;
      const endpoint = await serve((_, response) => {
        requests += 1;
        response.end();
      });
      const agent = how === 'hang' ? await serve(() => undefined) : 'http://127.0.0.1:1';
      const variables = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONTAINER_CREDENTIALS_FULL_URI: agent };
      const mailer = sesMailer({ endpoint, region: 'us-east-1', from: 'users@example.org', timeoutMs: 1_000 });
      closing.push(() => mailer.close());

      await withEnvironment(variables, () => expect(mailer.send(mail)).rejects.toThrow(NotAccepted));

      expect(requests).toBe(0);
    },
  );

  it('sends with the settings of a profile that is meant for other programs', async () => {
    const endpoint = urlOf(await sesLocal.default({ host: '127.0.0.1', port: 0 }));
    const config = join(await temporaryFolder('ums-aws-'), 'config');
    await writeFile(
      config,
      [
        ...['[default]', 'region = nonsense', 'use_fips_endpoint = true', 'use_dualstack_endpoint = true'],
        ...['endpoint_url = http://127.0.0.1:9', 'defaults_mode = nonsense', 'retry_mode = nonsense'],
        ...['max_attempts = nonsense', 'auth_scheme_preference = sigv4a', 'sigv4a_signing_region_set = *'],
      ].join('\n'),
    );

    const { messageId } = await withEnvironment({ AWS_CONFIG_FILE: config }, () => mailerAt(endpoint).send(mail));

    expect(messageId).toMatch(/./);
  });

  it('F-24 reports a mail as not accepted when TLS was not established', async () => {
    const { certificate, key } = await testCertificates(await temporaryFolder('ums-ses-'));
    const resetting = createNetServer((socket) => void socket.once('data', () => socket.resetAndDestroy()));
    for (const server of [createTlsServer({ cert: certificate, key }), resetting]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closing.push(() => server.close());
      const { port } = server.address() as AddressInfo;
      await expect(mailerAt(`https://127.0.0.1:${port}`).send(mail)).rejects.toThrow(NotAccepted);
    }
  });

  it('F-04 opens the breaker after failures in a row, and reports mails as not accepted', async () => {
    let requests = 0;
    const mailer = mailerAt(
      await serve((request, response) => {
        requests += 1;
        refusing(503, 'ServiceUnavailable')(request, response);
      }),
    );
    for (let call = 1; call <= 10; call++) await expect(mailer.send(mail)).rejects.toThrow(NotAccepted);

    expect(requests).toBeLessThan(10);
    await expect(mailer.send(mail)).rejects.toMatchObject({ cause: expect.any(DependencyUnavailable) });
  });

  it('F-04 does not count refused addresses as failures', async () => {
    const mailer = mailerAt(await serve(refusing(400, 'BadRequestException')));

    for (let call = 1; call <= 20; call++) await expect(mailer.send(mail)).rejects.toThrow(Undeliverable);
  });
});
