import { createHmac, type KeyObject } from 'node:crypto';
import { limitsKey, requestBucket } from '@ums/identity/limits/requestBucket';

/** The keys under which attempts are counted: keyed hashes, so that the table holds no network address and no mail address. */
export interface Buckets {
  account(account: string): Buffer;
  source(source: string): Buffer;
  /** The source of log-ins, before `source_of_user` in the vault binds it to the user. */
  known(source: string): Buffer;
  /** The requests of a source to a route. */
  requests(route: string, source: string): Buffer;
}

/** The buckets that an attempt counts in. */
export interface AttemptBuckets {
  account: Buffer;
  /** Where failures of the account count: `account`, or a bucket for those who have proven something before. */
  counted: Buffer;
  source: Buffer;
  /** From this the vault makes the source as it is stored if the user was logged in to from it. */
  known: Buffer;
  /** Keyed hash of the address whose user's known sources matter; `undefined` where none do. */
  address?: Buffer | undefined;
}

/** An attempt that passed its check and still counts as in flight. */
export interface StartedAttempt extends AttemptBuckets {
  id: string;
  /** Stops counting it, and the failures that count with it from this source. A caller may do the same with `clearAttempt`. */
  clear(): Promise<void>;
}

/**
 * What who guesses has proven before. Their failures count apart: strangers, who can only try to log in, could otherwise keep someone
 * from confirming who has the mail, or someone with a session from ending the others.
 */
export type Proof = 'link' | 'session';

/** What is guessed, and from where. */
export interface Counted {
  /** `accountNameOf` an address, known or not, or a name for another secret. */
  account: string;
  /** Keyed hash of the address, where the account is one. */
  addressMac?: Buffer | undefined;
  proof?: Proof | undefined;
  source: string;
}

/** The account name of an address. */
export const accountNameOf = (addressMac: Buffer): string => addressMac.toString('base64url');

/** What a request for a mail to an address is about, where it is counted for the address alone. */
export type MailKind = 'registration' | 'change' | 'resend' | 'reset';

/** What a request for a mail to an address is about, as far as they are counted apart. */
export type MailAbout = { addressMac: Buffer } & (
  | { kind: MailKind }
  /** The first change to the address within the hour, of a user who is not new. */
  | { kind: 'first-change'; userId: string }
);

const COUNTED_APART = ['change', 'resend', 'reset'] as const satisfies MailKind[];

/**
 * The name under which mails to an address are counted. Anyone can register an address, so all else has counts of its own: strangers
 * would use up the limit, and hide the link from the user who has forgotten the password. Strangers with an account could hide the link
 * of a change in the same way, so a user who is not new has a count of their own for the first change. The owner of an address and
 * strangers who register it share a count; `registerWithLink` gives the owner a way on.
 */
export const mailNameOf = (about: MailAbout): string => {
  const account = accountNameOf(about.addressMac);
  if (about.kind === 'registration') return account;
  return about.kind === 'first-change' ? `${account} change ${about.userId}` : `${account} ${about.kind}`;
};

const attemptNameOf = (account: string, proof: Proof): string => `${account} ${proof}`;

/** All names under which something is counted about an address, but for those of users who ask for it; see {@link mailNameOf}. */
export const countedNamesOf = (addressMac: Buffer): string[] => {
  const account = accountNameOf(addressMac);
  return [
    account,
    ...(['link', 'session'] as const).map((proof) => attemptNameOf(account, proof)),
    ...COUNTED_APART.map((kind) => mailNameOf({ addressMac, kind })),
  ];
};

export const attemptBucketsOf = (
  buckets: Buckets,
  { account: name, addressMac, proof, source }: Counted,
): AttemptBuckets => {
  const account = buckets.account(name);
  return {
    account,
    counted: proof === undefined ? account : buckets.account(attemptNameOf(name, proof)),
    source: buckets.source(source),
    known: buckets.known(source),
    // A link may have been mailed to someone who mistyped an address; the sources that its user knows are none of theirs.
    address: proof === 'link' ? undefined : addressMac,
  };
};

/** @param addressKey ADDRESS_KEY; the key of the hashes is derived from it. */
export const attemptBuckets = (addressKey: KeyObject): Buckets => {
  const key = limitsKey(addressKey);
  const bucket = (kind: string, value: string) => createHmac('sha256', key).update(`${kind}\0${value}`).digest();
  return {
    account: (account) => bucket('account', account),
    source: (source) => bucket('source', source),
    known: (source) => bucket('known', source),
    requests: (route, source) => requestBucket(key, route, source),
  };
};
