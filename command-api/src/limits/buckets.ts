import { createHmac } from 'node:crypto';

/** The keys under which attempts are counted: keyed hashes, so that the table holds no network address and no mail address. */
export interface Buckets {
  account(account: string): Buffer;
  source(source: string): Buffer;
}

/** The account name of an address. Login, confirmation and erasure share it, so their failures count together. */
export const accountNameOf = (addressMac: Buffer): string => addressMac.toString('base64url');

/** @param addressKey ADDRESS_KEY; the key of the hashes is derived from it. */
export const attemptBuckets = (addressKey: Buffer): Buckets => {
  const key = createHmac('sha256', addressKey).update('ums limits').digest();
  const bucket = (kind: string, value: string) => createHmac('sha256', key).update(`${kind}\0${value}`).digest();
  return { account: (account) => bucket('account', account), source: (source) => bucket('source', source) };
};
