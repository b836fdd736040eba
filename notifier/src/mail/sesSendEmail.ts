import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { NotAccepted } from './mailer.js';
import { neverConnected } from './sesFailure.js';

export interface SesEndpoint {
  /** Replaces the AWS endpoint, for example by the embedded one, LocalStack, or a VPC endpoint. */
  endpoint: string | undefined;
  region: string;
  /** `none` for an endpoint that checks none. By default the AWS SDK finds them (environment, container, instance). */
  credentials?: 'none' | undefined;
  timeoutMs: number;
}

export interface SendEmail {
  /** Sends one `SendEmail` request. @throws NotAccepted when no connection was made; the errors of the SDK */
  (input: SendEmailCommandInput, signal: AbortSignal): Promise<{ MessageId?: string | undefined }>;
  close(): void;
}

/** Steps of the SDK that write headers and log lines which neither SES nor this service reads. */
const NEEDLESS_STEPS = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];

/**
 * A client for `SendEmail` of SES API v2, on the AWS SDK. The SDK must not retry: SES has no idempotency token, so a retry
 * could send a second mail.
 *
 * The SDK would compose its steps anew for every command. This client composes them once, from a command without a mail,
 * because the steps keep that command as long as the client lives.
 */
export const sesSendEmail = ({ endpoint, region, credentials, timeoutMs }: SesEndpoint): SendEmail => {
  const client = new SESv2Client({
    region,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: Math.min(1_000, timeoutMs),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === 'none' ? withoutCredentials(region) : {}),
  });
  for (const step of NEEDLESS_STEPS) client.middlewareStack.remove(step);
  const signals = new WeakMap<object, AbortSignal>();
  // Replaces the last step, which would take one signal for all requests. Only here the errors tell whether a connection
  // was made: the SDK's retry step, above, hides it.
  client.middlewareStack.add(
    () =>
      async ({ input, request }) => {
        try {
          return await client.config.requestHandler.handle(request, { abortSignal: signals.get(input) as AbortSignal });
        } catch (error) {
          throw neverConnected(error) ? new NotAccepted(error) : error;
        }
      },
    { step: 'deserialize', priority: 'low', name: 'sendRequest' },
  );
  const withoutMail = new SendEmailCommand({ Content: undefined });
  const handle = withoutMail.resolveMiddleware(client.middlewareStack, client.config, {});
  return Object.assign(
    async (input: SendEmailCommandInput, signal: AbortSignal) => {
      signals.set(input, signal);
      return (await handle({ input })).output;
    },
    { close: () => client.destroy() },
  );
};

/**
 * The SDK requires credentials even where the endpoint checks none, and signs with them. The fixed header costs nothing and
 * has what local endpoints read from it: the scheme, the region and the service. A profile's kind of endpoint would replace
 * the given one.
 */
const withoutCredentials = (region: string) => {
  const scope = `Credential=none/19700101/${region}/ses/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=none`;
  return {
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    signer: {
      sign: async <T extends { headers: Record<string, string> }>(request: T): Promise<T> => {
        request.headers.authorization = authorization;
        return request;
      },
    },
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
};
