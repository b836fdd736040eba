import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { MAX_PICTURE_BYTES, type PictureUpload, readPicture } from './pictureUpload.js';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(30, 7)]);
/** Of a file with a name. */
const read = async (content: Readable): Promise<PictureUpload> => (await readPicture(content, true)) as PictureUpload;
const streamOf = (...chunks: Buffer[]): Readable => Readable.from(chunks, { objectMode: false });

describe('readPicture', () => {
  it('keeps the content and its digest, however it arrives', async () => {
    for (const chunks of [[PNG], [...PNG].map((byte) => Buffer.from([byte]))]) {
      const upload = await read(streamOf(...chunks));
      expect(upload.digest).toBe(createHash('sha256').update(PNG).digest('hex'));
      for (let time = 1; time <= 2; time++) expect(await upload.use(({ read }) => buffer(read()))).toEqual(PNG);
      await upload.close();
    }
  });

  it('U-02 refuses other content by its first bytes, and leaves the rest unread', async () => {
    for (const text of ['GIF89a and more of it', '<svg xmlns="http://www.w3.org/2000/svg">']) {
      const source = streamOf(Buffer.from(text), Buffer.alloc(1_000_000));
      await expect(read(source)).rejects.toMatchObject({ slug: 'not-a-picture' });
      expect(source.destroyed).toBe(false);
    }
    await expect(read(streamOf())).rejects.toMatchObject({ slug: 'not-a-picture' });
    await expect(readPicture(streamOf(PNG.subarray(0, 15)))).rejects.toMatchObject({ slug: 'not-a-picture' });
  });

  it('takes an empty file without a name for none', async () => {
    expect(await readPicture(streamOf(), false)).toBeUndefined();
    await expect(readPicture(streamOf(Buffer.from('text')), false)).rejects.toMatchObject({ slug: 'not-a-picture' });
  });

  it('U-02 accepts 5 MB and refuses a byte more', async () => {
    expect(MAX_PICTURE_BYTES).toBe(5_000_000);
    const largest = Buffer.concat([PNG, Buffer.alloc(MAX_PICTURE_BYTES - PNG.length)]);
    await (await read(streamOf(largest))).close();
    await expect(readPicture(streamOf(largest, Buffer.alloc(1)))).rejects.toMatchObject({ slug: 'picture-too-large' });
  });

  it('stays open for the work that uses it, and refuses further work once it is closed', async () => {
    const upload = await read(streamOf(PNG));
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
