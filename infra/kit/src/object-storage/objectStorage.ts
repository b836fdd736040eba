import type { Readable } from 'node:stream';
import type { Spooled } from './spool.js';

export interface ObjectInfo {
  /** In bytes. */
  size: number;
  contentType: string;
}

export interface StoredObject extends ObjectInfo {
  /**
   * Destroy it when it is not read to its end. It fails with DependencyUnavailable when the storage stops sending, or sends
   * another number of bytes than `size`.
   */
  content: Readable;
}

export interface ListedObject {
  key: string;
  size: number;
  modifiedAt: Date;
}

export interface PutOptions {
  contentType: string;
  /** Most bytes that are accepted. */
  maxBytes: number;
  /** `Cache-Control` of answers with this object. */
  cacheControl?: string;
  /** `Content-Disposition` of answers with this object, unless a link says another. */
  disposition?: string;
  /** Until when nobody can change or delete this version of the object. The bucket must have object lock. */
  lockedUntil?: Date;
  /** The bucket may lock objects by default, which S3 does only with a checksum. `lockedUntil` implies it. */
  mayBeLocked?: boolean;
}

/**
 * Objects by key. Keys are paths of our own ids, such as `pictures/<id>/64.webp`, and hold no personal data; a prefix of keys
 * ends with `/`.
 *
 * Every method throws DependencyUnavailable when the storage is down, refuses us, or does not answer in time. Its outcome is
 * unknown then; each method may be repeated.
 */
export interface ObjectStorage {
  /**
   * Stores the whole content or nothing, in place of an object of that key. A stream may be of any unknown length: it is
   * written to a nameless temporary file first, because S3 must know the length before the content. So a slow source does not
   * keep the storage waiting. Content that is spooled already is not written again, and stays open.
   * @returns the size in bytes.
   * @throws ObjectTooLarge when the content is longer than `maxBytes`, and errors of the stream. Both leave the rest of the
   * stream unread, and do not destroy it: a request can still be answered.
   */
  put(key: string, content: Uint8Array | Readable | Spooled, options: PutOptions): Promise<number>;
  /** @returns `undefined` when there is no such object. */
  get(key: string): Promise<StoredObject | undefined>;
  /** As `get`, without the content. */
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Deletes an object, if it exists. A bucket with versioning keeps its earlier versions until `deleteAll`. */
  delete(key: string): Promise<void>;
  /** Deletes all objects whose keys start with the prefix, in all versions. @returns how many. */
  deleteAll(prefix: string): Promise<number>;
  /** All objects whose keys start with the prefix, in the order of their keys. */
  list(prefix: string): AsyncIterable<ListedObject>;
  close(): void;
}
