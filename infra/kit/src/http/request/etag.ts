import { Refused } from '../../refused.js';

const REVISION = /^"(0|[1-9][0-9]{0,17})"$/;
/** An entity tag (RFC 9110 §8.8.3). */
const TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;
/** Replaces each tag to check the list around them; no header can contain it. */
const MARK = '\n';
/** Elements of a list may be empty (RFC 9110 §5.6.1.2). */
const LIST = /^[ \t,]*\n(?:[ \t]*,[ \t,]*\n)*[ \t,]*$/;

/** The revisions that `If-Match` allows. None of them may be one of this service: such a condition never holds. */
export type IfMatch = bigint | readonly bigint[];

/** The strong entity tag of a stream revision (RFC 9110 §8.8.3). */
export const etagOf = (revision: bigint | number): string => `"${revision}"`;

/**
 * The revisions that `If-Match` allows (RFC 9110 §13.1.1); `undefined` when every revision will do: without the header, and
 * for `*`, because every user that can be changed has a representation. Weak and foreign tags match no revision.
 * @throws Refused `validation-failed`
 */
export const ifMatchRevision = (ifMatch: string | undefined): IfMatch | undefined => {
  const text = ifMatch?.trim();
  if (text === undefined || text === '*') return undefined;
  const tags = text.match(TAG) ?? [];
  if (tags.length === 0 || !LIST.test(text.replace(TAG, MARK))) {
    const message = 'must be * or a list of ETags from responses of this service';
    throw new Refused('validation-failed', { errors: [{ field: 'If-Match', message }] });
  }
  const revisions = tags.flatMap((tag) => REVISION.exec(tag)?.[1] ?? []).map(BigInt);
  return revisions.length === 1 ? revisions[0] : revisions;
};

/** Whether a condition from {@link ifMatchRevision} holds at a revision. */
export const isMatch = (ifMatch: IfMatch | undefined, revision: bigint): boolean =>
  ifMatch === undefined || ifMatch === revision || (typeof ifMatch !== 'bigint' && ifMatch.includes(revision));
