import { describe, expect, it } from '@jest/globals';
import { parseEnv } from '../env.js';
import { objectLinkSettings, objectLinks } from './objectLinkSettings.js';

const s3 = { S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'a secret access key' };
const linkWith = (env: Record<string, string>) =>
  objectLinks(parseEnv(objectLinkSettings(), env))('pictures/a b/64.webp', {
    contentType: 'image/webp',
    disposition: 'inline',
  });

describe('the settings of links to objects', () => {
  it('K-01 need a bucket or the address of a server that shows it', () => {
    const read = (env: Record<string, string>) => parseEnv(objectLinkSettings(), env);
    expect(() => read({})).toThrow(/S3_BUCKET is missing/);
    expect(() => read({ PICTURES_URL: 'cdn', S3_PUBLIC_ENDPOINT: 's3' })).toThrow(
      /cannot be used:\s+S3_PUBLIC_ENDPOINT must[\s\S]*PICTURES_URL must/,
    );
    expect(() => objectLinks(read({ S3_BUCKET: 'files', S3_ACCESS_KEY_ID: 'id' }))).toThrow(/must both be set/);
  });

  it('lead through the server that PICTURES_URL names', async () => {
    expect(await linkWith({ PICTURES_URL: 'https://cdn.example.org/p/' })).toBe(
      'https://cdn.example.org/p/pictures/a%20b/64.webp',
    );
  });

  it('are signed for S3_PUBLIC_ENDPOINT, or for S3_ENDPOINT without it', async () => {
    const env = { ...s3, S3_ENDPOINT: 'http://s3:7070' };
    const start = /^http:\/\/s3:7070\/files\/pictures\/a%20b\/64\.webp\?.*X-Amz-Signature=/;
    expect(await linkWith(env)).toMatch(start);
    expect(await linkWith({ ...env, S3_PUBLIC_ENDPOINT: 'https://files.example.org' })).toMatch(
      /^https:\/\/files\.example\.org\/files\/pictures\//,
    );
  });
});
