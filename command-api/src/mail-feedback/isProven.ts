import { verify } from 'node:crypto';
import type { SnsNotice } from '@ums/contracts/http/mailFeedback';
import type { Clock } from '@ums/kit/clock';
import { signedText } from './signedText.js';
import type { SigningKeys } from './signingKeys.js';
import { isCertificateUrl } from './snsUrl.js';
import type { Topic } from './topicArn.js';

export interface ProofDeps {
  topic: Topic;
  signingKeys: SigningKeys;
  clock: Clock;
}

/** By the version of the signature. */
const DIGESTS: Readonly<Record<string, string>> = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' };

/** How long a notice counts: a copy of it that somebody kept is refused afterwards. SNS gives up repeating it before. */
const MAX_AGE_MS = 3_600_000;
/** How far the clock of SNS may be ahead. */
const MAX_AHEAD_MS = 300_000;

/**
 * Whether SNS has signed the notice, for our topic and within the last hour. What costs nothing is checked first, so that a
 * stranger who does not know the topic causes no request to SNS.
 *
 * @throws DependencyUnavailable when the certificate cannot be fetched.
 */
export const isProven = async ({ topic, signingKeys, clock }: ProofDeps, notice: SnsNotice): Promise<boolean> => {
  const ageMs = clock.now().getTime() - Date.parse(notice.Timestamp);
  // An age that is no number is refused by the comparison.
  if (notice.TopicArn !== topic.arn || !(ageMs <= MAX_AGE_MS && ageMs >= -MAX_AHEAD_MS)) return false;
  const digest = Object.hasOwn(DIGESTS, notice.SignatureVersion) ? DIGESTS[notice.SignatureVersion] : undefined;
  if (digest === undefined || !isCertificateUrl(notice.SigningCertURL, topic.host)) return false;
  const key = await signingKeys(notice.SigningCertURL);
  if (key === undefined) return false;
  return verify(digest, Buffer.from(signedText(notice), 'utf8'), key, Buffer.from(notice.Signature, 'base64'));
};
