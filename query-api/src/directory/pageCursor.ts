import { Refused } from '@ums/kit/refused';

/** Where a page ended: both columns are set at registration and never change, so a walk neither skips nor repeats anybody. */
export interface PageCursor {
  /** ISO 8601, UTC, milliseconds. */
  registeredAt: string;
  userId: string;
}

const FORM = /^([12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const formatCursor = ({ registeredAt, userId }: PageCursor): string =>
  Buffer.from(`${registeredAt} ${userId}`, 'utf8').toString('base64url');

/** `undefined` when the text is no cursor of ours. */
export const parseCursor = (text: string): PageCursor | undefined => {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(text)) return undefined;
  const [, registeredAt, userId] = FORM.exec(Buffer.from(text, 'base64url').toString('utf8')) ?? [];
  if (registeredAt === undefined || userId === undefined || !isTime(registeredAt)) return undefined;
  return { registeredAt, userId };
};

/** A day that no calendar has would be rolled over by one reader and refused by the next. */
const isTime = (text: string): boolean => {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
};

/** The cursor a request names, if any. @throws Refused `validation-failed` */
export const wantedCursor = (after: string | undefined): PageCursor | undefined => {
  if (after === undefined) return undefined;
  const cursor = parseCursor(after);
  if (cursor === undefined)
    throw new Refused('validation-failed', { errors: [{ field: 'after', message: 'is not the end of a page' }] });
  return cursor;
};
