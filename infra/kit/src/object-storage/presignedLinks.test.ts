import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl, S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
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
  it('U-05 name the public endpoint, the bucket and the key, and expire within five minutes', async () => {
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

  it('are those that the SDK makes, with any key, temporary credentials and content of the answer', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
    const segment = text.filter((part) => !/^\.{1,2}$|\//.test(part));
    const credentials = fc.record({ accessKeyId: text, secretAccessKey: text }, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { minLength: 1, maxLength: 3 }),
        credentials,
        fc.option(text, { nil: undefined }),
        fc.record({ contentType: text, disposition: text }),
        fc.nat({ max: 4_000_000_000 }),
        async (parts, pair, sessionToken, linkedAs, seconds) => {
          const signedBy = { ...access, credentials: { ...pair, ...(sessionToken && { sessionToken }) } };
          const now = new Date(Math.floor((seconds * 1_000) / 150_000) * 150_000);
          const signed = new URL(await presignedLinks(signedBy, { now: () => now })(parts.join('/'), linkedAs));
          const client = s3Client(signedBy, 0);
          const get = new GetObjectCommand({ Bucket: access.bucket, Key: parts.join('/') });
          expect(signed.pathname).toBe(new URL(await getSignedUrl(client, get)).pathname);
          const signer = new S3RequestPresigner(client.config as never);
          const { contentType, disposition } = linkedAs;
          const query = { 'response-content-type': contentType, 'response-content-disposition': disposition };
          const { protocol, hostname, host, pathname: path } = signed;
          const request = { method: 'GET', protocol, hostname, path, query, headers: { host } };
          const ofSdk = await signer.presign(request, { expiresIn: 300, signingDate: now });
          expect(Object.fromEntries(signed.searchParams)).toEqual(ofSdk.query);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('answer 503 while no credentials are found, and look for them again', async () => {
    let searches = 0;
    const findCredentials = async () => {
      searches += 1;
      if (searches === 1) throw new Error('none found');
      return access.credentials;
    };
    const links = presignedLinks({ ...access, credentials: undefined }, at(0), findCredentials);
    await expect(links(key, as)).rejects.toThrow(DependencyUnavailable);
    expect(await links(key, as)).toBe(await presignedLinks(access, at(0))(key, as));
    await links('another', as);
    expect(searches).toBe(2);
  });

  it('name a bucket with a dot in the path, as the certificate of AWS requires', async () => {
    const link = await presignedLinks({ ...access, endpoint: undefined, bucket: 'user.files' }, at(0))(key, as);
    expect(link).toMatch(/^https:\/\/s3\.eu-central-1\.amazonaws\.com\/user\.files\/pictures\/a%20b\/64\.webp\?/);
  });

  it('stay the same for two and a half minutes, for the cache of a browser', async () => {
    const linkAt = (ms: number) => presignedLinks(access, at(ms))(key, as);
    expect(await linkAt(149_999)).toBe(await linkAt(0));
    expect(await linkAt(150_000)).not.toBe(await linkAt(0));
  });
});
