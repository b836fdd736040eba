import { CONSISTENCY_HEADER, type ConsistencyPoint, parseConsistencyToken } from '@ums/contracts/consistencyToken';
import { Refused } from '@ums/kit/refused';

/** A token that nothing here can ever satisfy: 400, as waiting would not help and the client should drop it. */
export const tokenRefused = (message: string): Refused =>
  new Refused('validation-failed', { errors: [{ field: CONSISTENCY_HEADER, message }] });

/** The point a request asks to be waited for; an empty header is none. @throws Refused `validation-failed` */
export const wantedPoint = (header: string | undefined): ConsistencyPoint | undefined => {
  if (header === undefined || header === '') return undefined;
  const point = parseConsistencyToken(header);
  if (point === undefined) throw tokenRefused('is not a consistency token');
  return point;
};
