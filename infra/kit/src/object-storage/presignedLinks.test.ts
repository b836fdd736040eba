import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { presignedLinks } from './presignedLinks.js';
import { s3Client } from './s3Client.js';

const access = {
  endpoint: 'https://pictures.example.org',
  region: 'eu-central-1',
  bucket: 'user-files',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
};
const as = { contentType: 'image/webp', disposition: 'inline' };
const key = 'pictures/a b/64.webp';
const START = Date.parse('2026-01-01T00:00:00Z');
const at = (ms: number) => ({ now: () => new Date(START + ms) });

describe('presignedLinks', () => {
  it('name the public endpoint, the bucket and the key, and expire within five minutes', async () => {
    const link = new URL(await presignedLinks(access, at(0))(key, as));
    expect(link.origin + link.pathname).toBe('https://pictures.example.org/user-files/pictures/a%20b/64.webp');
    expect(Object.fromEntries(link.searchParams)).toMatchObject({
      'X-Amz-Expires': '300',
      'X-Amz-Date': '20260101T000000Z',
      'response-content-type': 'image/webp',
      'response-content-disposition': 'inline',
    });
    expect(link.href).not.toContain('secret');
  });

  it('name the bucket in the host without an endpoint of its own', async () => {
    const link = new URL(await presignedLinks({ ...access, endpoint: undefined }, at(0))(key, as));
    expect(link.host).toBe('user-files.s3.eu-central-1.amazonaws.com');
  });

  it('are those that the SDK makes, with temporary credentials too', async () => {
    const credentials = { ...access.credentials, sessionToken: 'session/token+1=' };
    const signed = new URL(await presignedLinks({ ...access, credentials }, at(0))(key, as));
    const get = new GetObjectCommand({
      ...{ Bucket: access.bucket, Key: key },
      ...{ ResponseContentType: as.contentType, ResponseContentDisposition: as.disposition },
    });
    const client = s3Client({ ...access, credentials }, 0);
    const ofSdk = new URL(await getSignedUrl(client, get, { expiresIn: 300, signingDate: new Date(START) }));
    expect(signed.pathname).toBe(ofSdk.pathname);
    expect(signed.searchParams.get('X-Amz-Security-Token')).toBe('session/token+1=');
    const { 'x-id': _operation, 'X-Amz-Signature': _signature, ...query } = Object.fromEntries(ofSdk.searchParams);
    expect(Object.fromEntries(signed.searchParams)).toMatchObject(query);
  });

  it('answer 503 when no credentials are found', async () => {
    const noCredentials = () => Promise.reject(new Error('none found'));
    const links = presignedLinks({ ...access, credentials: noCredentials as never }, at(0));
    await expect(links(key, as)).rejects.toThrow(DependencyUnavailable);
  });

  it('name a bucket with a dot in the path, as the certificate of AWS requires', async () => {
    const link = await presignedLinks({ ...access, endpoint: undefined, bucket: 'user.files' }, at(0))(key, as);
    expect(link).toMatch(/^https:\/\/s3\.eu-central-1\.amazonaws\.com\/user\.files\/pictures\/a%20b\/64\.webp\?/);
  });

  it('stay right when there are more than are kept', async () => {
    const links = presignedLinks(access, at(0));
    const first = await links('0', as);
    for (let index = 1; index <= 6_001; index += 1) await links(String(index), as);
    expect(await links('0', as)).toBe(first);
  });

  it('stay the same for two and a half minutes, for the cache of a browser', async () => {
    const linkAt = (ms: number) => presignedLinks(access, at(ms))(key, as);
    expect(await linkAt(149_999)).toBe(await linkAt(0));
    expect(await linkAt(150_000)).not.toBe(await linkAt(0));
  });
});
