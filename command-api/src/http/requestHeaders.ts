import { Refused } from '@ums/kit/refused';

const ETAG = /^"(0|[1-9][0-9]{0,17})"$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

export const etagOf = (revision: bigint): string => `"${revision}"`;

/** The revision `If-Match` demands; one strong tag of ours, for `*` would match what the caller never saw. @throws Refused `validation-failed` */
export const revisionOf = (ifMatch: string | undefined): bigint | undefined => {
  if (ifMatch === undefined) return undefined;
  const revision = ETAG.exec(ifMatch.trim())?.[1];
  if (revision === undefined) throw malformed('If-Match', 'must be one ETag as this service gave it');
  return BigInt(revision);
};

/** @throws Refused `validation-failed` */
export const idempotencyKeyOf = (header: string | undefined): string | undefined => {
  if (header === undefined) return undefined;
  const key = header.trim();
  if (!IDEMPOTENCY_KEY.test(key)) throw malformed('Idempotency-Key', 'must be 1 to 200 visible ASCII characters');
  return key;
};

const malformed = (field: string, message: string): Refused =>
  new Refused('validation-failed', { errors: [{ field, message }] });
