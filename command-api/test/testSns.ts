import { execFile } from 'node:child_process';
import { randomUUID, sign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SnsNotice } from '@ums/contracts/http/mailFeedback';
import type { FetchText } from '../src/mail-feedback/fetchText.js';
import { signedText } from '../src/mail-feedback/signedText.js';

export const TOPIC = 'arn:aws:sns:us-east-1:111122223333:ums-bounces';
export const SNS = 'https://sns.us-east-1.amazonaws.com';

/** Stands for SNS: signs notices, and answers what the service fetches. */
export interface TestSns {
  fetchFromSns: FetchText;
  /** URLs that the service fetched. */
  fetched: string[];
  certificateUrl: string;
  /** PEM. */
  certificate: string;
  /** Signs a notice; fields may be replaced before that. */
  signed(fields: Partial<SnsNotice>, version?: '1' | '2'): SnsNotice;
  /** A signed notification of SES about a mail to one address. */
  report(kind: 'Bounce' | 'Complaint', email: string, details?: ReportDetails): SnsNotice;
}

export interface ReportDetails {
  feedbackId?: string;
  /** Of a bounce. @default Permanent */
  bounceType?: string;
}

/** @param now for tests whose clock is not the system's */
export const testSns = async (now: () => Date = () => new Date()): Promise<TestSns> => {
  const { key, certificate } = await newCertificate();
  const certificateUrl = `${SNS}/SimpleNotificationService-${randomUUID()}.pem`;
  const fetched: string[] = [];
  const signed: TestSns['signed'] = (fields, version = '2') => {
    const notice: SnsNotice = {
      ...{ Type: 'Notification', MessageId: randomUUID(), TopicArn: TOPIC, Message: '{}' },
      ...{ Timestamp: now().toISOString(), SignatureVersion: version, Signature: '', SigningCertURL: certificateUrl },
      ...fields,
    };
    const digest = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
    return { ...notice, Signature: sign(digest, Buffer.from(signedText(notice)), key).toString('base64') };
  };
  return {
    ...{ fetched, certificateUrl, certificate, signed },
    fetchFromSns: async (url) => {
      fetched.push(url);
      if (url === certificateUrl) return certificate;
      return url.startsWith(`${SNS}/?Action=ConfirmSubscription`) ? '<ConfirmSubscriptionResponse/>' : undefined;
    },
    report: (kind, email, { feedbackId = randomUUID(), bounceType = 'Permanent' } = {}) =>
      signed({
        Subject: 'Amazon SES Email Event Notification',
        Message: JSON.stringify({
          eventType: kind,
          mail: { messageId: randomUUID(), destination: [email], tags: { template: ['confirmation'] } },
          ...(kind === 'Bounce'
            ? { bounce: { bounceType, feedbackId, bouncedRecipients: [{ emailAddress: 'forwarded@example.net' }] } }
            : { complaint: { feedbackId, complainedRecipients: [{ emailAddress: email }] } }),
        }),
      }),
  };
};

const newCertificate = async (): Promise<{ key: string; certificate: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'ums-sns-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  try {
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=sns.amazonaws.com'],
      ...['-keyout', key, '-out', certificate],
    ]);
    return { key: await readFile(key, 'utf8'), certificate: await readFile(certificate, 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
};
