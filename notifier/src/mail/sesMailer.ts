import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { withBreaker } from '@ums/kit/breaker';
import { sdkCredentials } from '@ums/kit/transport/sdkCredentials';
import { SDK_SETTINGS } from '@ums/kit/transport/sdkSettings';
import { connectingAgents } from './connectingAgents.js';
import { addressOf, encodeSender } from './encodeSender.js';
import { AnsweredByProxy, type Mail, type Mailer, NotAccepted, Undeliverable } from './mailer.js';
import { classify } from './sesFailure.js';

export interface SesOptions {
  /** Replaces the AWS endpoint, for example by the embedded one, LocalStack, or a VPC endpoint. */
  endpoint: string | undefined;
  region: string;
  /** `none` for an endpoint that checks none. By default the AWS SDK finds them (environment, container, instance). */
  credentials?: 'none' | undefined;
  /** Sender address, verified with SES. */
  from: string;
  timeoutMs: number;
}

/** The SDK requires credentials even where the endpoint checks none. */
const NO_CREDENTIALS = { accessKeyId: 'none', secretAccessKey: 'none' };
/** A profile that asks for endpoints of FIPS or dual stack would replace the given one. Without one, operators may ask for these. */
const GIVEN_ENDPOINT = { useFipsEndpoint: false, useDualstackEndpoint: false };

/** Less than the time of a call, so that a mail counts as not sent where only the connection hangs. */
const CONNECTED_WITHIN_MS = 2_000;

/** Mailer for SES API v2. The SDK must not retry: SES has no idempotency token, so a retry could send a second mail. */
export const sesMailer = ({
  endpoint,
  region,
  credentials,
  from,
  timeoutMs,
}: SesOptions): Mailer & { close(): void } => {
  const { neverSent, ...agents } = connectingAgents(Math.min(CONNECTED_WITHIN_MS, timeoutMs / 2));
  const client = new SESv2Client({
    ...SDK_SETTINGS,
    region,
    requestHandler: { ...agents, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { ...GIVEN_ENDPOINT, endpoint }),
    credentials: credentials === 'none' ? NO_CREDENTIALS : sdkCredentials(),
  });
  const call = withBreaker(
    'SES',
    async (abortSignal, command: SendEmailCommand) =>
      client.send(command, { abortSignal }).then(
        ({ MessageId: messageId }) => {
          // A success of SES has one, so this is none.
          if (!messageId) throw new AnsweredByProxy();
          return { messageId };
        },
        (error: unknown) => {
          throw classify(error, addressOf(from));
        },
      ),
    { timeoutMs, isFailure: (error) => !(error instanceof Undeliverable) },
  );
  return {
    send: async (mail) => {
      const command = commandFor(mail, from);
      let isSent = false;
      // The innermost step, behind credentials and signature: without them, nothing is sent.
      command.middlewareStack.add(
        (next) => async (args) => {
          isSent = true;
          return next(args).catch((error: unknown) => {
            isSent = !neverSent(error);
            throw error;
          });
        },
        { step: 'deserialize', priority: 'low', name: 'isSent' },
      );
      return call(command).catch((error: unknown) => {
        throw isSent ? error : new NotAccepted(error);
      });
    },
    close: () => client.destroy(),
  };
};

const commandFor = ({ to, subject, text, html, template, eventId }: Mail, from: string): SendEmailCommand =>
  new SendEmailCommand({
    FromEmailAddress: encodeSender(from),
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: { Data: subject, Charset: 'UTF-8' },
        Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: html, Charset: 'UTF-8' } },
        // RFC 3834: prevents automatic replies.
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
