import { decodeText, encodeText } from '@ums/contracts/base64url';
import { UUID_PATTERN } from '@ums/contracts/uuid';
import { invalid } from '@ums/kit/refused';
import { utcTime } from '../input/utcTime.js';

/** A place in a list of users: what it is ordered by, and the user's id, so that no two rows have the same place. */
export interface PageCursor {
  /** The time of registration in ISO 8601, or the folded text that the search found the user by. */
  key: string;
  userId: string;
}

/** Longer than every cursor: a term of 100 code points, of 4 bytes each, in base64url. */
const LONGEST = 700;
const BY_TIME = new RegExp(`^(\\S{20,24}) (${UUID_PATTERN})$`);
/** The id stands at the end, so that a cursor that was cut off is none. */
const BY_TERM = new RegExp(`^([^\\0]+)\\0(${UUID_PATTERN})$`, 'su');

/** Opaque to clients. The order tells the two kinds apart. */
export const formatTimeCursor = ({ key, userId }: PageCursor): string => encodeText(`${key} ${userId}`);
export const formatTermCursor = ({ key, userId }: PageCursor): string => encodeText(`${key}\0${userId}`);

const decoded = (text: string): string => (text.length <= LONGEST ? decodeText(text) : undefined) ?? '';

/** `undefined` for a text that is no cursor of a list in order of registration. */
export const parseTimeCursor = (text: string): PageCursor | undefined => {
  const [, time = '', userId] = BY_TIME.exec(decoded(text)) ?? [];
  const key = utcTime(time);
  return userId === undefined || key === undefined ? undefined : { key, userId };
};

/** `undefined` for a text that is no cursor of a search with this prefix. */
export const parseTermCursor = (text: string, prefix: string): PageCursor | undefined => {
  const [, key, userId] = BY_TERM.exec(decoded(text)) ?? [];
  return userId === undefined || key === undefined || !key.startsWith(prefix) ? undefined : { key, userId };
};

/** The part of a list that a request asks for: the rows behind a place, or those before it. */
export interface PageRequest {
  limit: number;
  direction: 'after' | 'before';
  /** `undefined` asks for the first page. */
  cursor: PageCursor | undefined;
}

export interface PageParameters {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
}

/** @throws Refused `validation-failed` */
export const pageRequest = (
  { limit, after, before }: PageParameters,
  parse: (text: string) => PageCursor | undefined,
): PageRequest => {
  if (after !== undefined && before !== undefined) throw invalid('before', 'must not be sent together with after');
  const direction = before === undefined ? 'after' : 'before';
  const text = before ?? after;
  const cursor = text === undefined ? undefined : parse(text);
  if (text !== undefined && cursor === undefined) throw invalid(direction, 'is not a cursor of this list');
  return { limit, direction, cursor };
};
