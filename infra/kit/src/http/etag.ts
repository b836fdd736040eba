import { Refused } from '../refused.js';

const ETAG = /^"(0|[1-9][0-9]{0,17})"$/;

/** The strong entity tag of a stream revision (RFC 9110 §8.8.3). */
export const etagOf = (revision: bigint | number): string => `"${revision}"`;

/**
 * The revision that `If-Match` requires: exactly one tag as `etagOf` writes it, or `undefined` without the header. `*` is
 * refused, because it would match a state that the client has not seen.
 * @throws Refused `validation-failed`
 */
export const ifMatchRevision = (ifMatch: string | undefined): bigint | undefined => {
  if (ifMatch === undefined) return undefined;
  const revision = ETAG.exec(ifMatch.trim())?.[1];
  if (revision !== undefined) return BigInt(revision);
  const message = 'must be one ETag from a response of this service';
  throw new Refused('validation-failed', { errors: [{ field: 'If-Match', message }] });
};
