import { SESv2Client, SESv2ServiceException, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { guarded } from '@ums/kit/breaker';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type Mail, type Mailer, NotAccepted, Undeliverable } from './mailer.js';

export interface SesOptions {
  /** Another endpoint than AWS's own: the embedded one, LocalStack, a VPC's. */
  endpoint: string | undefined;
  region: string;
  /** Absent = found by the AWS SDK (environment, container, instance). */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** A sender verified with SES. */
  from: string;
  timeoutMs: number;
}

/** SES by its v2 API: one attempt a call, for a repeat by the SDK could be a second mail; SES knows no idempotency token. */
export const sesMailer = ({
  endpoint,
  region,
  credentials,
  from,
  timeoutMs,
}: SesOptions): Mailer & { close(): void } => {
  const client = new SESv2Client({
    region,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: Math.min(1_000, timeoutMs),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  // Here, below the SDK's retries: what they throw instead no longer tells a connection never made from a lost answer.
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw neverConnected(error) ? new NotAccepted(error) : error;
      }
    },
    { step: 'deserialize', priority: 'low', name: 'neverConnected' },
  );
  const call = guarded(
    'SES',
    async (abortSignal, command: SendEmailCommand, asked: () => void) => {
      asked();
      return client.send(command, { abortSignal }).catch((error: unknown) => {
        throw classified(error);
      });
    },
    { timeoutMs, isOurFault: (error) => !(error instanceof Undeliverable) },
  );
  return {
    send: async (mail) => {
      let asked = false;
      try {
        const { MessageId: messageId = '' } = await call(commandFor(mail, from), () => {
          asked = true;
        });
        return { messageId };
      } catch (error) {
        throw error instanceof DependencyUnavailable && !asked ? new NotAccepted(error) : error;
      }
    },
    close: () => client.destroy(),
  };
};

const commandFor = ({ to, subject, text, html, template, eventId }: Mail, from: string): SendEmailCommand =>
  new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: { Data: subject, Charset: 'UTF-8' },
        Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
        // RFC 3834: no holiday replies to a machine.
        Headers: [
          { Name: 'Auto-Submitted', Value: 'auto-generated' },
          { Name: 'X-Event-Id', Value: eventId },
        ],
      },
    },
    EmailTags: [
      { Name: 'event-id', Value: eventId },
      { Name: 'template', Value: template },
    ],
  });

/** 400s that are about the account, the rate or the sender, not about the mail. */
const NOT_THE_MAIL =
  /Throttl|TooManyRequests|LimitExceeded|AccountSuspended|SendingPaused|MailFromDomainNotVerified|ExpiredToken|UnrecognizedClient|Signature|AccessDenied/;
/** The connection was never made, so nothing was asked. */
const NOT_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** What a failure says of the mail: an answer is certain, silence is not. What is unknown stays as it was thrown. */
const classified = (error: unknown): unknown => {
  if (!(error instanceof SESv2ServiceException)) return error;
  const status = error.$metadata.httpStatusCode ?? 500;
  return status === 400 && !NOT_THE_MAIL.test(error.name) ? new Undeliverable(error) : new NotAccepted(error);
};

/** The SDK names both its time-outs alike; only that of a request under way has a code. */
export const neverConnected = (error: unknown): boolean => {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return code === undefined ? name === 'TimeoutError' : NOT_CONNECTED.test(String(code));
};
