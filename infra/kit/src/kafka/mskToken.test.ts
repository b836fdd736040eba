import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withEnvironment } from '../../../engines/test/withEnvironment.js';
import { mskToken } from './mskToken.js';

const NOW = new Date('2026-03-04T05:06:07.890Z');
const clock = { now: () => NOW };
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret of tests',
  sessionToken: 'session/of+tests',
};
const decoded = (token: string): URL => new URL(Buffer.from(token, 'base64url').toString());

/** What the broker computes of the request (AWS Signature Version 4): over the query without signature and user agent. */
const signatureOf = ({ search, host }: URL): string => {
  const query = search
    .slice(1)
    .split('&')
    .filter((pair) => !/^(X-Amz-Signature|User-Agent)=/.test(pair))
    .sort()
    .join('&');
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const scope = '20260304/eu-central-1/kafka-cluster/aws4_request';
  const request = `GET\n/\n${query}\nhost:${host}\n\nhost\n${hash('')}`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  return hmac(key, `AWS4-HMAC-SHA256\n20260304T050607Z\n${scope}\n${hash(request)}`).toString('hex');
};

describe('mskToken', () => {
  it('is a presigned request to connect, for 15 minutes, in base64url without padding', async () => {
    const token = await mskToken('eu-central-1', clock, credentials);
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    const { origin, pathname, searchParams } = decoded(token);
    expect([origin, pathname]).toEqual(['https://kafka.eu-central-1.amazonaws.com', '/']);
    expect(Object.fromEntries(searchParams)).toEqual({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20260304/eu-central-1/kafka-cluster/aws4_request',
      'X-Amz-Date': '20260304T050607Z',
      'X-Amz-Expires': '900',
      'X-Amz-Security-Token': credentials.sessionToken,
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      'X-Amz-SignedHeaders': 'host',
      'User-Agent': 'user-management-service',
    });
  });

  it('has the signature that the broker computes', async () => {
    const url = decoded(await mskToken('eu-central-1', clock, credentials));
    expect(url.searchParams.get('X-Amz-Signature')).toBe(signatureOf(url));
  });

  it('takes the credentials that the AWS SDK finds, such as in variables, unless the caller has some', async () => {
    const variables = {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    };
    const [at, now] = await withEnvironment(variables, async () => [
      await mskToken('eu-central-1', clock),
      await mskToken('eu-central-1'),
    ]);
    expect(at).toBe(await mskToken('eu-central-1', clock, credentials));
    expect(decoded(now ?? '').searchParams.get('X-Amz-Date')).toMatch(/^20\d{6}T\d{6}Z$/);
  });
});
