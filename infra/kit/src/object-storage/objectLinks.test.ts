import { describe, expect, it } from '@jest/globals';
import { presignedLinks, publicLinks } from './objectLinks.js';

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

  it('stay the same for two and a half minutes, for the cache of a browser', async () => {
    const linkAt = (ms: number) => presignedLinks(access, at(ms))(key, as);
    expect(await linkAt(149_999)).toBe(await linkAt(0));
    expect(await linkAt(150_000)).not.toBe(await linkAt(0));
  });
});

describe('publicLinks', () => {
  it('append the key to the address of the server', async () => {
    expect(await publicLinks('https://cdn.example.org/p')(key, as)).toBe(
      'https://cdn.example.org/p/pictures/a%20b/64.webp',
    );
  });
});
