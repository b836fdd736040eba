import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SnsNotice } from '@ums/contracts/http/mailFeedback';
import { signInNewUser, type TestApi, testApi } from '../../test/testApi.js';
import { SNS, type TestSns, TOPIC, testSns } from '../../test/testSns.js';

const asSns = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' };

describe('F-26 POST /hooks/ses', () => {
  let api: TestApi;
  let sns: TestSns;
  beforeAll(async () => {
    sns = await testSns();
    api = await testApi({ SES_FEEDBACK_TOPIC_ARN: TOPIC }, { fetchFromSns: sns.fetchFromSns });
  });
  afterAll(() => api.close());

  const post = (notice: SnsNotice | string, to = api) =>
    to.ask('POST', '/hooks/ses', {
      body: typeof notice === 'string' ? notice : JSON.stringify(notice),
      headers: asSns,
    });
  const slugOf = ({ json }: { json: { type?: string } }) => json.type?.split('/').at(-1);
  const blocks = async () => (await api.vault.query('select kind from mail_block')).rows;

  it('records what SES reports once, and stops mail to the address', async () => {
    const email = 'ada@example.org';
    const { user } = await signInNewUser(api, email);
    const report = sns.report('Bounce', email);
    const [first, repeat] = [await post(report), await post(report)];
    expect([first.status, first.json, repeat.status, repeat.json]).toEqual([
      ...[200, { status: 'recorded' }, 200, { status: 'ignored' }],
    ]);
    expect(await blocks()).toEqual([{ kind: 'bounce' }]);
    const { json } = await api.ask('POST', '/auth/login', {
      body: { email, password: 'correct horse battery staple' },
    });
    expect(json.user).toMatchObject({ id: user.id, mailBlock: { kind: 'bounce' } });
    expect(api.logged.join()).not.toContain(email);
  });

  it('takes reports that change nothing, and notices of other kinds', async () => {
    const before = await blocks();
    for (const notice of [
      sns.report('Bounce', 'ada@example.org', { bounceType: 'Transient' }),
      sns.report('Complaint', 'nobody@example.org'),
      sns.signed({ Message: 'Successfully validated SNS topic' }),
      sns.signed({ Type: 'UnsubscribeConfirmation', Token: 't', SubscribeURL: `${SNS}/?Action=ConfirmSubscription&x` }),
      { ...sns.signed({}), Added: { later: true } },
    ])
      expect(await post(notice)).toMatchObject({ status: 200, json: { status: 'ignored' } });
    expect(await blocks()).toEqual(before);
    expect(sns.fetched.filter((url) => url.includes('Action='))).toEqual([]);
  });

  it('confirms the subscription of its topic at SNS and nowhere else', async () => {
    const confirming = (SubscribeURL?: string) =>
      post(sns.signed({ Type: 'SubscriptionConfirmation', Token: 't', ...(SubscribeURL && { SubscribeURL }) }));
    const url = `${SNS}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=t`;
    expect(await confirming(url)).toMatchObject({ status: 200, json: { status: 'subscribed' } });
    expect(sns.fetched).toContain(url);
    const count = sns.fetched.length;
    for (const wrong of [undefined, 'https://example.net/?Action=ConfirmSubscription', `${SNS}:444/?Action=x`])
      expect(slugOf(await confirming(wrong))).toBe('notice-not-proven');
    expect(sns.fetched).toHaveLength(count);
    expect(slugOf(await confirming(`${SNS}/?Action=Other`))).toBe('notice-not-proven');
  });

  it('refuses what SNS has not signed for this topic within the hour', async () => {
    const report = sns.report('Bounce', 'ada@example.org');
    const forged = { ...report, Message: report.Message.replace('ada', 'eve') };
    const hourAgo = new Date(Date.now() - 3_601_000).toISOString();
    for (const notice of [forged, sns.signed({ TopicArn: `${TOPIC}x` }), sns.signed({ Timestamp: hourAgo })]) {
      const answer = await post(notice);
      expect([answer.status, slugOf(answer)]).toEqual([403, 'notice-not-proven']);
    }
  });

  it('I-01 reads a notice of 256 KiB and no more, and only in its own form', async () => {
    const ofSize = (bytes: number) => sns.signed({ Message: 'x'.repeat(bytes) });
    expect((await post(ofSize(200_000))).status).toBe(200);
    const tooLarge = await post(ofSize(270_000));
    expect([tooLarge.status, slugOf(tooLarge)]).toEqual([413, 'body-too-large']);
    expect(slugOf(await post('{"Type":'))).toBe('body-unreadable');
    expect(slugOf(await post({ ...sns.signed({}), Signature: 7 } as unknown as SnsNotice))).toBe('validation-failed');
    const form = await api.ask('POST', '/hooks/ses', { body: 'a=b' });
    expect(slugOf(form)).toBe('media-type-unsupported');
    const elsewhere = await api.ask('POST', '/auth/send', { body: '{"email":"a@example.org"}', headers: asSns });
    expect(slugOf(elsewhere)).toBe('media-type-unsupported');
  });

  it('F-03 answers 503 while the vault is down, so that SNS repeats the notice', async () => {
    await api.vaultProxy.set('refuse');
    const answer = await post(sns.report('Bounce', 'ada@example.org'));
    await api.vaultProxy.set('pass');
    expect([answer.status, slugOf(answer)]).toEqual([503, 'dependency-unavailable']);
  });

  it('is unknown without a topic', async () => {
    const other = await testApi({}, { fetchFromSns: sns.fetchFromSns });
    try {
      const answer = await post(sns.report('Bounce', 'ada@example.org'), other);
      expect([answer.status, slugOf(answer)]).toEqual([404, 'not-found']);
    } finally {
      await other.close();
    }
  });
});
