import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** The key of the hashes under which requests and attempts are counted, derived from a secret of the service. */
export const limitsKey = (secret: KeyObject | Buffer): KeyObject =>
  // Node 24 computes a MAC several times faster with a key object than with a buffer.
  createSecretKey(createHmac('sha256', secret).update('ums limits').digest());

/** Where the requests of a source to a route are counted: a keyed hash, so that the table holds no network address. */
export const requestBucket = (key: KeyObject, route: string, source: string): Buffer =>
  createHmac('sha256', key).update(`requests\0${route}\0${source}`).digest();
