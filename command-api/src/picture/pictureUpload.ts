import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { PICTURE_START_BYTES, pictureFormat } from '@ums/contracts/pictureFormat';
import { ObjectTooLarge } from '@ums/kit/object-storage/objectTooLarge';
import { type Spooled, spool } from '@ums/kit/object-storage/spool';
import { Refused } from '@ums/kit/refused';

/** A file that a user sent as their picture: JPEG, PNG or WebP by its first bytes, at most {@link MAX_PICTURE_BYTES} long. */
export interface PictureUpload {
  /** SHA-256 of the content, in hex. */
  digest: string;
  /** Gives the content to some work, which keeps it open. @throws Refused `request-timeout` once the upload is closed */
  use<T>(work: (content: Spooled) => Promise<T>): Promise<T>;
  /** Frees the content after the work that uses it. May be called again. */
  close(): Promise<void>;
}

/** 5 MB, as the documentation and the refusal say. */
export const MAX_PICTURE_BYTES = 5_000_000;

/**
 * Reads an upload into a temporary file. Its first bytes decide whether it may be a picture, whatever its name says (U-02).
 *
 * @param isNamed whether the client names a file. Without a name, an empty file is none.
 * @throws Refused `picture-too-large`, `not-a-picture`; DependencyUnavailable when the temporary folder is full; errors of the
 * stream. They leave the rest of the stream unread.
 */
export const readPicture = async (content: Readable, isNamed = true): Promise<PictureUpload | undefined> => {
  const hash = createHash('sha256');
  try {
    const chunks = Readable.from(checked(content, hash, isNamed), { objectMode: false });
    const spooled = await spool(chunks, MAX_PICTURE_BYTES);
    if (spooled.size > 0) return uploadOf(spooled, hash.digest('hex'));
    await spooled.close();
    return undefined;
  } catch (error) {
    throw error instanceof ObjectTooLarge ? new Refused('picture-too-large') : error;
  }
};

const uploadOf = (content: Spooled, digest: string): PictureUpload => {
  const working = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;
  return {
    digest,
    use: async (work) => {
      // The client has disconnected. Reading the closed file would look like a fault of the object storage.
      if (closed !== undefined) throw new Refused('request-timeout');
      const done = work(content);
      working.add(done);
      return await done.finally(() => working.delete(done));
    },
    close: () => {
      closed ??= Promise.allSettled(working).then(() => content.close());
      return closed;
    },
  };
};

/** The same bytes. @throws Refused `not-a-picture` before the first of them. */
async function* checked(content: Readable, hash: Hash, isNamed: boolean): AsyncGenerator<Buffer> {
  let start = Buffer.alloc(0);
  let isChecked = false;
  for await (const chunk of content.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (isChecked) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < PICTURE_START_BYTES) continue;
    requirePicture(start);
    isChecked = true;
    yield start;
  }
  if (!isChecked && (isNamed || start.length > 0)) requirePicture(start);
}

const requirePicture = (start: Buffer): void => {
  if (start.length < PICTURE_START_BYTES || pictureFormat(start) === undefined) throw new Refused('not-a-picture');
};
