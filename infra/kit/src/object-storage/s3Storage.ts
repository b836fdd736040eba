import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { withBreaker } from '../breaker.js';
import type { ObjectInfo, ObjectStorage, PutOptions, StoredObject } from './objectStorage.js';
import { ObjectTooLarge } from './objectTooLarge.js';
import { readWithin } from './readWithin.js';
import { type S3Access, s3Client } from './s3Client.js';
import { deletePage, objectPages, type Run, versionPages } from './s3Pages.js';
import { spool } from './spool.js';
import { isAbsent, isPassing, OBJECT_STORAGE, storageFailure, UnexpectedAnswer } from './storageFailure.js';

export interface S3StorageOptions {
  /** Of one call, and of each wait for more of a content that is being read; see `readWithin`. @default 2 s */
  timeoutMs?: number;
  /** Folder of temporary files. @default that of the system */
  spoolFolder?: string;
}

const RESET_MS = 1_000;
const REPEAT_AFTER_MS = 100;

/** The objects of one bucket of S3, behind a circuit breaker: while S3 is down, calls fail at once. */
export const openS3Storage = (
  { bucket: Bucket, ...access }: S3Access,
  { timeoutMs = 2_000, spoolFolder }: S3StorageOptions = {},
): ObjectStorage => {
  const client = s3Client(access, timeoutMs);
  const guarded = withBreaker(OBJECT_STORAGE, repeatedOnce, { timeoutMs, isFailure: () => true, resetMs: RESET_MS });
  const run: Run = async <T>(call: Call<T>) => {
    const startedAt = performance.now();
    try {
      return (await guarded(call)) as T;
    } catch (error) {
      throw storageFailure(error, performance.now() - startedAt);
    }
  };
  const store = (Key: string, size: number, body: () => Uint8Array | Readable, options: Omit<PutOptions, 'maxBytes'>) =>
    run(async (abortSignal) => {
      const Body = body();
      const { contentType: ContentType, cacheControl: CacheControl, disposition: ContentDisposition } = options;
      try {
        const described = { ContentLength: size, ContentType, CacheControl, ContentDisposition };
        const put = new PutObjectCommand({ Bucket, Key, Body, ...described, ...lockAndChecksumOf(options) });
        const { ETag } = await client.send(put, { abortSignal });
        if (ETag === undefined) throw new UnexpectedAnswer();
      } finally {
        if (Body instanceof Readable) Body.destroy();
      }
    });
  const listing = (Prefix: string) => {
    if (!Prefix.endsWith('/')) throw new RangeError('a prefix of keys must end with a slash');
    return { client, run, Bucket, Prefix };
  };

  return {
    put: async (key, content, { maxBytes, ...options }) => {
      if (content instanceof Uint8Array) {
        if (content.length > maxBytes) throw new ObjectTooLarge(maxBytes);
        await store(key, content.length, () => content, options);
        return content.length;
      }
      if (!(content instanceof Readable)) {
        if (content.size > maxBytes) throw new ObjectTooLarge(maxBytes);
        await store(key, content.size, content.read, options);
        return content.size;
      }
      const { size, read, close } = await spool(content, maxBytes, spoolFolder);
      try {
        await store(key, size, read, options);
        return size;
      } finally {
        await close();
      }
    },
    get: (Key) =>
      run(async (abortSignal) => {
        const answer = await unlessAbsent(client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal }), 'GET');
        return answer && storedObject(answer, timeoutMs);
      }),
    head: (Key) =>
      run(async (abortSignal) => {
        const answer = await unlessAbsent(client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal }), 'HEAD');
        return answer && infoOf(answer);
      }),
    delete: (Key) =>
      run(async (abortSignal) => {
        const { $metadata } = await client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal });
        if ($metadata.httpStatusCode !== NO_CONTENT) throw new UnexpectedAnswer();
      }),
    deleteAll: async (prefix) => {
      let deleted = 0;
      for await (const page of versionPages(listing(prefix))) {
        if (page.length > 0) await deletePage(listing(prefix), page);
        deleted += page.length;
      }
      return deleted;
    },
    list: async function* (prefix) {
      for await (const page of objectPages(listing(prefix))) yield* page;
    },
    close: () => client.destroy(),
  };
};

const NO_CONTENT = 204;

/** S3 wants a checksum of what it locks, also where the bucket locks by default. */
const lockAndChecksumOf = ({
  lockedUntil,
  mayBeLocked,
}: Pick<PutOptions, 'lockedUntil' | 'mayBeLocked'>): LockInput => ({
  ...(mayBeLocked || lockedUntil ? { ChecksumAlgorithm: 'SHA256' } : {}),
  ...(lockedUntil && { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: lockedUntil }),
});

type LockInput = Pick<PutObjectCommandInput, 'ChecksumAlgorithm' | 'ObjectLockMode' | 'ObjectLockRetainUntilDate'>;

type Call<T> = (abortSignal: AbortSignal) => Promise<T>;

/** Every call may be repeated: each has the same effect if it is done twice. */
const repeatedOnce = async (abortSignal: AbortSignal, call: Call<unknown>): Promise<unknown> => {
  try {
    return await call(abortSignal);
  } catch (error) {
    if (!isPassing(error) || abortSignal.aborted) throw error;
    await sleep(REPEAT_AFTER_MS, undefined, { signal: abortSignal });
    return await call(abortSignal);
  }
};

const unlessAbsent = async <A>(answer: Promise<A>, method: 'GET' | 'HEAD'): Promise<A | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (isAbsent(error, method)) return undefined;
    throw error;
  }
};

const storedObject = ({ Body, ...answer }: GetObjectCommandOutput, timeoutMs: number): StoredObject => {
  if (!(Body instanceof Readable)) throw new UnexpectedAnswer();
  try {
    const info = infoOf(answer);
    return { ...info, content: readWithin(Body, info.size, timeoutMs) };
  } catch (error) {
    // It keeps its connection until it is read.
    Body.destroy();
    throw error;
  }
};

interface Described {
  ContentLength?: number | undefined;
  ContentType?: string | undefined;
  ETag?: string | undefined;
}

const infoOf = ({ ContentLength, ContentType, ETag }: Described): ObjectInfo => {
  if (ContentLength === undefined || ContentType === undefined || ETag === undefined) throw new UnexpectedAnswer();
  return { size: ContentLength, contentType: ContentType };
};
