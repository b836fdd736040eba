import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { finished, PassThrough, type Readable } from 'node:stream';
import S3Error from '@20minutes/s3rver/lib/models/error.js';
import S3Object from '@20minutes/s3rver/lib/models/object.js';
import FilesystemStore, { type ListOptions, type ObjectList } from '@20minutes/s3rver/lib/stores/filesystem.js';
import { codeOf } from '@ums/kit/postgres/errors';
import { unfinishedUploads } from './prepareFolders.js';

const OBJECT_SUFFIX = '._S3rver_object';
const PLACING_ATTEMPTS = 10;

/**
 * The library's store of objects in files, which would leave half an object where an upload ends early, delete an object that
 * is stored while its neighbour is deleted, continue lists at the wrong key, and follow `..` in a key out of its folder.
 */
export class FileStore extends FilesystemStore {
  /** Uploads in progress. */
  readonly #unfinished: string;

  constructor(folder: string) {
    super(folder);
    this.#unfinished = unfinishedUploads(folder);
  }

  override getResourcePath(bucket: string, key: string | undefined, resource: string): string {
    if (key !== undefined && !isSafe(key)) throw new S3Error('InvalidArgument', 'The key is not supported.');
    return super.getResourcePath(bucket, key, resource);
  }

  /** Stores the content under its name once everything else is on disk. */
  override async putObject(object: S3Object): Promise<{ size: number; md5: string }> {
    const { bucket, key, content, metadata } = object;
    const path = this.getResourcePath(bucket, key, 'object');
    const unfinished = join(this.#unfinished, randomUUID());
    try {
      const [size, md5] = await this.putContent(unfinished, copyOf(content));
      await sync(unfinished);
      await retryingWhileAbsent(async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await this.putMetadata(bucket, key, metadata, md5);
        await rename(unfinished, path);
        await sync(dirname(path));
      });
      return { size, md5 };
    } finally {
      // Nothing that follows on the connection is read before the rest of a content that could not be stored.
      content.unpipe().resume();
      await rm(unfinished, { force: true });
    }
  }

  override async deleteObject(bucket: string, key: string): Promise<void> {
    for (const resource of ['object', 'object.md5', 'metadata.json'])
      await rm(this.getResourcePath(bucket, key, resource), { force: true });
    const root = this.getBucketPath(bucket);
    let folder = dirname(join(root, key));
    while (relative(root, folder) !== '' && (await removeIfEmpty(folder))) folder = dirname(folder);
  }

  override async listObjects(bucket: string, options: ListOptions): Promise<ObjectList> {
    const { prefix = '', startAfter = '', maxKeys } = options;
    const keys = (await this.#keysIn(bucket, prefix.slice(0, prefix.lastIndexOf('/') + 1)))
      .filter((key) => key.startsWith(prefix) && key > startAfter)
      .sort();
    const objects = await Promise.all(
      keys.slice(0, maxKeys).map(async (key) => {
        const metadata = await unlessAbsent(this.getMetadata(bucket, key));
        return metadata === undefined ? [] : [new S3Object(bucket, key, null, metadata)];
      }),
    );
    return { objects: objects.flat(), commonPrefixes: [], isTruncated: keys.length > maxKeys };
  }

  /** A bucket has no configuration: the library would read two files for each request. */
  override async getSubresource(): Promise<null> {
    return null;
  }

  /** The keys of all objects in a folder of the bucket, which is '' or ends with a slash. */
  async #keysIn(bucket: string, folder: string): Promise<string[]> {
    if (folder !== '' && !isSafe(folder.slice(0, -1))) return [];
    const root = this.getBucketPath(bucket);
    const entries = await unlessAbsent(readdir(join(root, folder), { recursive: true, withFileTypes: true }));
    return (entries ?? [])
      .filter((entry) => entry.name.endsWith(OBJECT_SUFFIX))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).slice(0, -OBJECT_SUFFIX.length));
  }
}

/** The characters that S3 calls safe; names of files have at most 255 bytes, with the suffix. */
const SAFE_NAME = /^(?!\.+$)[\w!.*'()-]{1,200}$/;

/** Whether a key names a file below its bucket, and none that belongs to another key. */
const isSafe = (key: string): boolean =>
  key.split('/').every((name) => SAFE_NAME.test(name) && !name.includes('._S3rver_'));

/** Fails as the content does. The content itself is not destroyed with the file: a destroyed request stops its connection. */
const copyOf = (content: Readable): Readable => {
  const copy = content.pipe(new PassThrough());
  finished(content, (error) => error && copy.destroy(error));
  return copy;
};

const sync = async (path: string): Promise<void> => {
  const file = await open(path);
  await file.sync().finally(() => file.close());
};

/** A folder is removed when its last object is deleted, which may be just after another upload has made sure of it. */
const retryingWhileAbsent = async (work: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === PLACING_ATTEMPTS) throw error;
    }
  }
};

const removeIfEmpty = async (folder: string): Promise<boolean> => {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    // Another delete may have removed it.
    if (codeOf(error) === 'ENOENT') return true;
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

const unlessAbsent = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};
