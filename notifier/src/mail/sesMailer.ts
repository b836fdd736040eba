import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { withBreaker } from '@ums/kit/breaker';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type Mail, type Mailer, NotAccepted, Undeliverable } from './mailer.js';
import { classify } from './sesFailure.js';
import { type SesEndpoint, sesSendEmail } from './sesSendEmail.js';

export interface SesOptions extends SesEndpoint {
  /** Sender address, verified with SES. */
  from: string;
}

/** Mailer for SES API v2. */
export const sesMailer = ({ from, ...endpoint }: SesOptions): Mailer & { close(): void } => {
  const sendEmail = sesSendEmail(endpoint);
  const call = withBreaker(
    'SES',
    async (signal, input: SendEmailCommandInput, onCall: () => void) => {
      onCall();
      return sendEmail(input, signal).catch((error: unknown) => {
        throw classify(error);
      });
    },
    { timeoutMs: endpoint.timeoutMs, isFailure: (error) => !(error instanceof Undeliverable) },
  );
  return {
    send: async (mail) => {
      let called = false;
      try {
        const { MessageId: messageId = '' } = await call(inputFor(mail, from), () => {
          called = true;
        });
        return { messageId };
      } catch (error) {
        throw error instanceof DependencyUnavailable && !called ? new NotAccepted(error) : error;
      }
    },
    close: sendEmail.close,
  };
};

const inputFor = ({ to, subject, text, html, template, eventId }: Mail, from: string): SendEmailCommandInput => ({
  FromEmailAddress: from,
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
