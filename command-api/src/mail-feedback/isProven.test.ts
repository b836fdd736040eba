import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SnsNotice } from '@ums/contracts/http/mailFeedback';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { testClock } from '../../../infra/kit/test/testClock.js';
import { SNS, type TestSns, TOPIC, testSns } from '../../test/testSns.js';
import { isProven } from './isProven.js';
import { signedText } from './signedText.js';
import { signingKeys } from './signingKeys.js';
import { topicArn } from './topicArn.js';

const topicOf = (arn: string) => topicArn().read('ARN', { ARN: arn });
const topic = topicOf(TOPIC);

describe('F-26 the proof of a notice', () => {
  // The certificates are made a moment later, and count from then on.
  const clock = testClock(new Date(Date.now() + 60_000).toISOString());
  let sns: TestSns;
  let other: TestSns;
  beforeAll(async () => {
    sns = await testSns(() => clock.now());
    other = await testSns(() => clock.now());
  });
  const proves = (notice: SnsNotice, fetchText = sns.fetchFromSns): Promise<boolean> =>
    isProven({ topic, signingKeys: signingKeys(fetchText, clock), clock }, notice);

  it.each(['1', '2'] as const)('holds for a signature of version %s', async (version) => {
    expect(await proves(sns.signed({ Message: 'Grüße', Subject: 'a subject' }, version))).toBe(true);
    expect(await proves(sns.signed({ Message: 'none' }, version))).toBe(true);
    const subscription = { Type: 'SubscriptionConfirmation', Token: 'token', SubscribeURL: `${SNS}/?Action=x` };
    expect(await proves(sns.signed(subscription, version))).toBe(true);
  });

  it.each(['Message', 'MessageId', 'Subject', 'Timestamp', 'Type'] as const)(
    'fails when %s was changed or removed after signing',
    async (name) => {
      const notice = sns.signed({ Subject: 'a subject' });
      const changed = name === 'Timestamp' ? new Date(clock.now().getTime() - 1).toISOString() : 'changed';
      expect(await proves({ ...notice, [name]: changed })).toBe(false);
    },
  );

  it('fails for a signature of somebody else, in another version, or that is none', async () => {
    const notice = sns.signed({});
    expect(await proves({ ...notice, Signature: other.signed({}).Signature })).toBe(false);
    for (const SignatureVersion of ['1', '3', 'constructor', ''])
      expect(await proves({ ...notice, SignatureVersion })).toBe(false);
    for (const Signature of ['', 'AAAA', 'no base64!']) expect(await proves({ ...notice, Signature })).toBe(false);
  });

  it('fails for another topic, and fetches nothing then', async () => {
    const before = sns.fetched.length;
    expect(await proves(sns.signed({ TopicArn: `${TOPIC}2` }))).toBe(false);
    expect(sns.fetched).toHaveLength(before);
  });

  it('fails an hour after the notice was made, and for one that is to come', async () => {
    const at = (ms: number) => proves(sns.signed({ Timestamp: new Date(clock.now().getTime() + ms).toISOString() }));
    expect([await at(-3_599_000), await at(-3_601_000), await at(299_000), await at(301_000)]).toEqual([
      ...[true, false, true, false],
    ]);
    expect(await proves(sns.signed({ Timestamp: 'yesterday' }))).toBe(false);
  });

  it.each([
    ['http://sns.us-east-1.amazonaws.com/a.pem', 'plain text'],
    ['https://sns.us-east-1.amazonaws.com.example.net/a.pem', 'another host'],
    ['https://sns.eu-west-1.amazonaws.com/a.pem', 'another region'],
    ['https://sns.us-east-1.amazonaws.com:8443/a.pem', 'another port'],
    ['https://sns.us-east-1.amazonaws.com@example.net/a.pem', 'a name of a user'],
    ['https://example.net/sns.us-east-1.amazonaws.com/a.pem', 'the host in the path'],
    ['https://sns.us-east-1.amazonaws.com/a.pem?x=1', 'a query'],
    ['https://sns.us-east-1.amazonaws.com/x/../a.pem', 'a path of several parts'],
    ['https://sns.us-east-1.amazonaws.com/a.txt', 'no certificate'],
    ['sns.us-east-1.amazonaws.com/a.pem', 'no URL'],
  ])('never fetches a certificate from %s: %s', async (SigningCertURL) => {
    const fetched: string[] = [];
    const forged = other.signed({ SigningCertURL });
    const answered = await proves(forged, async (url) => {
      fetched.push(url);
      return other.certificate;
    });
    expect([answered, fetched]).toEqual([false, []]);
  });

  it('fails without a valid certificate, and while SNS is down says so', async () => {
    const notice = sns.signed({});
    for (const text of [undefined, 'no certificate', '']) expect(await proves(notice, async () => text)).toBe(false);
    clock.advance(2 * 86_400_000);
    const late = sns.signed({});
    expect(await proves(late)).toBe(false);
    clock.advance(-2 * 86_400_000);
    const down = async () => {
      throw new DependencyUnavailable('SNS');
    };
    await expect(proves(notice, down)).rejects.toThrow(DependencyUnavailable);
  });

  it('fetches a certificate once, and keeps four', async () => {
    const asked: string[] = [];
    const keys = signingKeys(async (url) => {
      asked.push(url);
      return sns.certificate;
    }, clock);
    for (const url of ['a', 'a', 'b', 'c', 'd', 'd']) expect(await keys(url)).toBeDefined();
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
    await keys('e');
    await keys('b');
    await keys('a');
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e', 'a']);
  });
});

describe('the text that is signed', () => {
  it('is that of the guide of SNS', () => {
    const fields = { MessageId: 'id', TopicArn: 'arn', Message: 'My Test\nMessage', Timestamp: 'at' };
    const rest = { SignatureVersion: '1', Signature: '', SigningCertURL: '', Token: 't', SubscribeURL: 'u' };
    expect(signedText({ Type: 'Notification', Subject: 'My subject', ...fields, ...rest })).toBe(
      'Message\nMy Test\nMessage\nMessageId\nid\nSubject\nMy subject\nTimestamp\nat\nTopicArn\narn\nType\nNotification\n',
    );
    expect(signedText({ Type: 'SubscriptionConfirmation', ...fields, ...rest })).toBe(
      'Message\nMy Test\nMessage\nMessageId\nid\nSubscribeURL\nu\nTimestamp\nat\nToken\nt\nTopicArn\narn\nType\nSubscriptionConfirmation\n',
    );
  });
});

describe('SES_FEEDBACK_TOPIC_ARN', () => {
  it('names the host of SNS in the region of the topic', () => {
    expect(topic.host).toBe('sns.us-east-1.amazonaws.com');
    expect(topicOf('arn:aws-cn:sns:cn-north-1:111122223333:b').host).toBe('sns.cn-north-1.amazonaws.com.cn');
    expect(topicOf('arn:aws-us-gov:sns:us-gov-west-1:111122223333:b').host).toBe('sns.us-gov-west-1.amazonaws.com');
  });

  it.each(['ums-bounces', 'arn:aws:sqs:us-east-1:111122223333:b', 'arn:aws:sns:evil.example/:111122223333:b'])(
    'refuses %s',
    (arn) => {
      expect(() => topicOf(arn)).toThrow('must be the ARN of a topic of SNS');
    },
  );
});
