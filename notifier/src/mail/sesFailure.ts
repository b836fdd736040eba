import { SESv2ServiceException } from '@aws-sdk/client-sesv2';
import { statusOf } from '@ums/kit/transport/sdkStatus';
import { AnsweredByProxy, NotAccepted, Undeliverable } from './mailer.js';
import type { PauseReason } from './sendingPause.js';

/** Errors with status 400 that are caused by the account, the rate or the sender, not by the mail. */
const NOT_CAUSED_BY_MAIL =
  /Throttl|TooManyRequests|LimitExceeded|AccountSuspended|SendingPaused|MailFromDomainNotVerified|ExpiredToken|RequestExpired|UnrecognizedClient|Signature|AccessDenied/;
/** SES answers so for a sender, and in its sandbox for an addressee; then it says which. */
const NOT_VERIFIED = /not verified/i;
/** SES also refuses the mails of a paused account as `MessageRejected`, and says in words that it is paused. */
const PAUSED = /\b(?:sending|account)\b[^.]*\bpaused\b/i;
/** SES refuses every mail with 400 after the default configuration set of the identity was deleted. */
const NO_CONFIGURATION_SET = /\bconfiguration set\b.*\bdoes not exist\b/i;

/**
 * Turns an answer of SES, or of a proxy or load balancer before it, into `Undeliverable`, `NotAccepted` or `AnsweredByProxy`. Only
 * SES can say that a mail is undeliverable. Returns other errors unchanged: the outcome is unknown.
 *
 * @param from the address of the sender.
 */
export const classify = (error: unknown, from: string): unknown => {
  const status = statusOf(error) ?? 0;
  if (!isAnswerOfSes(error)) {
    // A redirect is an answer of the same kind as 4xx: to the page where a proxy asks for a log-in, for example.
    if (status >= 300 && status < 500) return new NotAccepted(error);
    // A page with 2xx is no answer of SES either.
    return status >= 200 ? new AnsweredByProxy(error) : error;
  }
  const said = wordsOf(error);
  const isOfAccount =
    NOT_CAUSED_BY_MAIL.test(error.name) ||
    [PAUSED, NO_CONFIGURATION_SET].some((words) => words.test(said)) ||
    isUnverified(error, from);
  const isCausedByMail = status === 400 && !isOfAccount;
  return isCausedByMail ? new Undeliverable(error) : new NotAccepted(error);
};

/** The SDK makes an error of SES of every JSON, and of an empty body, too. SES itself names the type of its error. */
const isAnswerOfSes = (error: unknown): error is SESv2ServiceException =>
  error instanceof SESv2ServiceException && /^[A-Z][A-Za-z]+$/.test(error.name) && error.name !== 'Unknown';

/** What SES says, without the addresses in it: anyone may register one that reads like a reason of the account. */
const wordsOf = ({ message }: Error): string =>
  message
    .split(/\s+/)
    .filter((word) => !word.includes('@'))
    .join(' ');

/** Compares whole addresses: that of the sender may be the end of another one. SES tells the sender with the name, as it was sent. */
const isUnverified = ({ message }: Error, address: string): boolean =>
  NOT_VERIFIED.test(message) &&
  message
    .toLowerCase()
    .split(/[\s,<>]+/)
    .includes(address.toLowerCase());

const THROTTLED = /Throttl|TooManyRequests/;
const SUSPENDED = /SendingPaused|AccountSuspended/;
/** SES names the rate and the quota of a day alike, and tells them apart in words. */
const QUOTA_GONE = /daily (?:message|sending) quota/i;

/** Why SES refuses every mail for now; `undefined` for any other error. */
export const pauseReasonOf = (error: unknown): PauseReason | undefined => {
  if (!(error instanceof NotAccepted && error.cause instanceof SESv2ServiceException)) return undefined;
  const { name } = error.cause;
  const said = wordsOf(error.cause);
  if (SUSPENDED.test(name) || PAUSED.test(said)) return 'suspended';
  if (QUOTA_GONE.test(said) || name.includes('LimitExceeded')) return 'quota';
  return THROTTLED.test(name) ? 'throttled' : undefined;
};
