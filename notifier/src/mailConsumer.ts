import { createSecretKey } from 'node:crypto';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import type { Consumer } from '@ums/kit/message-source/messageSource';
import type { NotifierConfig } from './config.js';
import type { ConsumerDeps } from './consumerDeps.js';
import { countMail, exposeGivenUp } from './mail/countMail.js';
import { mailDispatcher } from './mail/mailDispatcher.js';
import { mailRecords } from './mail/mailRecords.js';
import { pacedMailer } from './mail/pacedMailer.js';
import { sendingPace } from './mail/sendingPace.js';
import { sendingPause } from './mail/sendingPause.js';
import { sesMailer } from './mail/sesMailer.js';
import { sweepMailRecords } from './mail/sweepMailRecords.js';
import { MAILS } from './mails.js';

/** Name of its checkpoint, its consumer group and its dead letters. */
export const MAIL_CONSUMER = 'mail';

const SES_TIMEOUT_MS = 5_000;
/** One a second is the least pace, and the others of the mails that are sent at once are waited for. */
const MAX_TURN_MS = 10_000;
/** Covers composing, which precedes the claim, the turn, the call of SES and recording. */
const LEASE_MS = 30_000;
const CONCURRENT_MAILS = 8;

/** Sends a mail through SES for each event that causes one. */
export const mailConsumer = (
  config: NotifierConfig,
  { onClose, ...shared }: ConsumerDeps,
): Omit<Consumer, 'signal'> => {
  const { pool, log } = shared;
  exposeGivenUp();
  const ses = sesMailer({
    endpoint: config.SES_ENDPOINT,
    region: config.AWS_REGION,
    credentials: config.SES_ENDPOINT !== undefined && config.AWS_ACCESS_KEY_ID === undefined ? 'none' : undefined,
    from: config.MAIL_FROM,
    timeoutMs: SES_TIMEOUT_MS,
  });
  onClose(() => ses.close());
  const mailer = pacedMailer(ses, {
    pace: sendingPace(config.SES_SENDS_PER_SECOND),
    pause: sendingPause(),
    maxWaitMs: MAX_TURN_MS,
  });
  const sweeper = sweepMailRecords(pool, log);
  onClose(() => sweeper.stop());
  const dispatcher = mailDispatcher(MAILS, {
    ...shared,
    addressKey: createSecretKey(config.ADDRESS_KEY),
    mailTokens: mailTokens(config.MAIL_TOKEN_KEY),
    publicUrl: config.PUBLIC_URL,
    brand: { appName: config.APP_NAME, appUrl: config.APP_URL, logoUrl: config.MAIL_LOGO_URL },
    records: mailRecords({ pool, leaseMs: LEASE_MS, sendTimeoutMs: MAX_TURN_MS + SES_TIMEOUT_MS }),
    mailer,
    count: countMail,
  });
  return { name: MAIL_CONSUMER, concurrency: CONCURRENT_MAILS, ...dispatcher };
};
