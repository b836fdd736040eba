import { UUID_PATTERN } from '@ums/contracts/uuid';
import { Refused } from '@ums/kit/refused';

/** The last row of a page. Both columns are set at registration and never change, so pages neither skip nor repeat users. */
export interface PageCursor {
  /** ISO 8601, UTC, milliseconds. */
  registeredAt: string;
  userId: string;
}

const FORMAT = new RegExp(`^([12]\\d{3}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z) (${UUID_PATTERN})$`);

/** base64url of `<registeredAt> <userId>`, opaque to clients. */
export const formatCursor = ({ registeredAt, userId }: PageCursor): string =>
  Buffer.from(`${registeredAt} ${userId}`, 'utf8').toString('base64url');

/** `undefined` when the text is not a cursor. */
const parseCursor = (text: string): PageCursor | undefined => {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(text)) return undefined;
  const [, registeredAt, userId] = FORMAT.exec(Buffer.from(text, 'base64url').toString('utf8')) ?? [];
  if (registeredAt === undefined || userId === undefined || !isTime(registeredAt)) return undefined;
  return { registeredAt, userId };
};

/** Whether the date exists. `Date` would turn February 31 into March 3, Postgres would reject it. */
const isTime = (text: string): boolean => {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
};

/** Parses the request parameter `after`. @throws Refused `validation-failed` */
export const requestedCursor = (after: string | undefined): PageCursor | undefined => {
  if (after === undefined) return undefined;
  const cursor = parseCursor(after);
  if (cursor === undefined)
    throw new Refused('validation-failed', { errors: [{ field: 'after', message: 'is not a page cursor' }] });
  return cursor;
};
