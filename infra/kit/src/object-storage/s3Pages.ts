import {
  DeleteObjectsCommand,
  ListObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ListedObject } from './objectStorage.js';
import { isUnsupported, UnexpectedAnswer } from './storageFailure.js';

/** Runs one call behind the breaker. */
export type Run = <T>(call: (abortSignal: AbortSignal) => Promise<T>) => Promise<T>;

export interface Listing {
  client: S3Client;
  run: Run;
  Bucket: string;
  Prefix: string;
}

/** A page is deleted with one request, which names at most 1,000 objects. */
const MaxKeys = 500;

/**
 * The objects under a prefix, page by page. Version 1 of the operation continues after a key, so it needs no token of the
 * server; the embedded server cannot make one.
 */
export async function* objectPages({ client, run, ...listed }: Listing): AsyncGenerator<ListedObject[]> {
  for (let Marker: string | undefined, more = true; more; ) {
    const list = new ListObjectsCommand({ ...listed, Marker, MaxKeys });
    const { IsTruncated, Contents = [] } = await run(async (abortSignal) =>
      checked(await client.send(list, { abortSignal })),
    );
    const objects = Contents.map(({ Key, Size, LastModified }) => {
      if (Key === undefined || Size === undefined || LastModified === undefined) throw new UnexpectedAnswer();
      return { key: Key, size: Size, modifiedAt: LastModified };
    });
    Marker = objects.at(-1)?.key;
    more = IsTruncated === true && Marker !== undefined;
    yield objects;
  }
}

/** All versions and delete markers under a prefix, page by page; the objects, where the server has no versions. */
export async function* versionPages(listing: Listing): AsyncGenerator<ObjectIdentifier[]> {
  const { client, run, ...listed } = listing;
  for (
    let at: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    at !== undefined;
  ) {
    const list: ListObjectVersionsCommand = new ListObjectVersionsCommand({ ...listed, ...at, MaxKeys });
    const page: ListObjectVersionsCommandOutput | undefined = await run(async (abortSignal) => {
      try {
        return checked(await client.send(list, { abortSignal }));
      } catch (error) {
        if (isUnsupported(error)) return undefined;
        throw error;
      }
    });
    if (page === undefined) {
      for await (const objects of objectPages(listing)) yield objects.map(({ key }) => ({ Key: key }));
      return;
    }
    const { IsTruncated, Versions = [], DeleteMarkers = [], NextKeyMarker, NextVersionIdMarker } = page;
    yield [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    at = IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
  }
}

/** Deletes the objects of one page. */
export const deletePage = ({ client, run, Bucket }: Listing, Objects: ObjectIdentifier[]): Promise<void> =>
  run(async (abortSignal) => {
    const { Deleted = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }), {
      abortSignal,
    });
    // What could not be deleted is named in an answer of success.
    if (Deleted.length !== Objects.length) throw new UnexpectedAnswer();
  });

/** The page of a proxy reads as an empty list. */
const checked = <A extends { IsTruncated?: boolean | undefined }>(answer: A): A => {
  if (answer.IsTruncated === undefined) throw new UnexpectedAnswer();
  return answer;
};
