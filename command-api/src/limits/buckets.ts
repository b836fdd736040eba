import { createHmac } from 'node:crypto';

/** What attempts are counted by: keyed hashes, so that the table holds neither network addresses nor anything guessable. */
export interface Buckets {
  account(account: string): Buffer;
  source(source: string): Buffer;
}

/** The name of an address wherever something is guessed at it: login, confirmation and erasure count together. */
export const accountOf = (addressMac: Buffer): string => addressMac.toString('base64url');

export const bucketsOf = (addressKey: Buffer): Buckets => {
  const key = createHmac('sha256', addressKey).update('ums limits').digest();
  const bucket = (kind: string, value: string) => createHmac('sha256', key).update(`${kind}\0${value}`).digest();
  return { account: (account) => bucket('account', account), source: (source) => bucket('source', source) };
};
