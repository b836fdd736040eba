import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { MAX_PICTURE_BYTES, readPicture } from './pictureUpload.js';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(30, 7)]);
const streamOf = (...chunks: Buffer[]): Readable => Readable.from(chunks, { objectMode: false });

describe('readPicture', () => {
  it('keeps the content and its digest, however it arrives', async () => {
    for (const chunks of [[PNG], [...PNG].map((byte) => Buffer.from([byte]))]) {
      const upload = await readPicture(streamOf(...chunks));
      expect(upload.digest).toBe(createHash('sha256').update(PNG).digest('hex'));
      for (let time = 1; time <= 2; time++) expect(await upload.use(({ read }) => buffer(read()))).toEqual(PNG);
      await upload.close();
    }
  });

  it('U-02 refuses other content by its first bytes, and leaves the rest unread', async () => {
    for (const content of ['', 'GIF89a and more of it', '<svg xmlns="http://www.w3.org/2000/svg">'].map((text) =>
      Buffer.from(text),
    )) {
      const source = streamOf(content, Buffer.alloc(1_000_000));
      await expect(readPicture(content.length === 0 ? streamOf() : source)).rejects.toMatchObject({
        slug: 'not-a-picture',
      });
      expect(source.destroyed).toBe(false);
    }
    await expect(readPicture(streamOf(PNG.subarray(0, 15)))).rejects.toMatchObject({ slug: 'not-a-picture' });
  });

  it('U-02 accepts 5 MB and refuses a byte more', async () => {
    const largest = Buffer.concat([PNG, Buffer.alloc(MAX_PICTURE_BYTES - PNG.length)]);
    await (await readPicture(streamOf(largest))).close();
    await expect(readPicture(streamOf(largest, Buffer.alloc(1)))).rejects.toMatchObject({ slug: 'picture-too-large' });
  });

  it('stays open for the work that uses it, and refuses further work once it is closed', async () => {
    const upload = await readPicture(streamOf(PNG));
    let finish = (): void => undefined;
    const used = upload.use(async ({ read }) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return buffer(read());
    });
    const closed = upload.close();
    await expect(upload.use(async () => undefined)).rejects.toMatchObject({ slug: 'request-timeout' });
    finish();
    expect(await used).toEqual(PNG);
    await closed;
    await upload.close();
  });
});
