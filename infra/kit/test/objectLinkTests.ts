import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { linkSigner } from '@ums/kit/object-storage/linkSigner';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import { presignedLinks } from '@ums/kit/object-storage/presignedLinks';
import type { S3Access } from '@ums/kit/object-storage/s3Client';

/** Tests that links must pass on every S3 server. @param opened what is there once the tests run */
export const objectLinkTests = (opened: () => { access: S3Access; storage: ObjectStorage }): void => {
  describe('links', () => {
    const as = { contentType: 'image/webp', disposition: 'inline; filename="picture.webp"' };
    const at = (ms: number) => ({ now: () => new Date(ms) });
    let key: string;
    beforeAll(async () => {
      key = `pictures/${randomUUID()}/64.webp`;
      const options = { contentType: 'text/html', maxBytes: 100, cacheControl: 'private, max-age=60' };
      await opened().storage.put(key, Buffer.from('picture'), options);
    });
    it('open it with the disposition that is stored with it, unless they name another', async () => {
      const { access, storage } = opened();
      const { endpoint = '', bucket, region, credentials = { accessKeyId: '', secretAccessKey: '' } } = access;
      const options = { contentType: 'image/webp', maxBytes: 100, disposition: as.disposition };
      await storage.put('pictures/stored.webp', Buffer.from('picture'), options);
      const link = new URL(`${endpoint}/${bucket}/pictures/stored.webp`);
      const at = { host: link.host, signedAt: new Date(), lifetimeSeconds: 60, query: {} };
      const sign = linkSigner({ credentials, region, ...at });
      const { headers } = await open(`${link}?${sign(link.pathname)}`);
      expect(headers.get('content-disposition')).toBe(as.disposition);
      expect(headers.get('content-type')).toBe('image/webp');
    });

    const open = async (link: string) => {
      const answer = await fetch(link);
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };

    it('open the object in a browser, with the type and disposition of the link', async () => {
      const { status, headers, text } = await open(await presignedLinks(opened().access)(key, as));
      expect([status, text]).toEqual([200, 'picture']);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'image/webp',
        'content-disposition': as.disposition,
        'cache-control': 'private, max-age=60',
      });
    });

    it('are refused after five minutes, when anything in them is changed, and without a signature', async () => {
      const link = await presignedLinks(opened().access)(key, as);
      const expired = await presignedLinks(opened().access, at(Date.now() - 300_001))(key, as);
      const otherKey = link.replace('64.webp', '256.webp');
      const otherType = link.replace('image%2Fwebp', 'text%2Fhtml');
      const later = link.replace('X-Amz-Expires=300', 'X-Amz-Expires=3000');
      const unsigned = link.replace(/\?.*/, '');
      for (const refused of [expired, otherKey, otherType, later, unsigned]) {
        expect(refused).not.toBe(link);
        expect((await open(refused)).status).toBe(403);
      }
    });
  });
};
