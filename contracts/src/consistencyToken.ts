/** A point in one log a reader may ask to be waited for: `X-Consistency-Token`, `<log id>.<position>` in base64url. */
export interface ConsistencyPoint {
  logId: string;
  position: bigint;
}

export const CONSISTENCY_HEADER = 'X-Consistency-Token';

const FORM = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(0|[1-9][0-9]{0,19})$/;

export const formatConsistencyToken = ({ logId, position }: ConsistencyPoint): string =>
  Buffer.from(`${logId}.${position}`, 'utf8').toString('base64url');

/** `undefined` when the text is no token of ours; the caller answers 400. */
export const parseConsistencyToken = (text: string): ConsistencyPoint | undefined => {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(text)) return undefined;
  const [, logId, position] = FORM.exec(Buffer.from(text, 'base64url').toString('utf8')) ?? [];
  return logId === undefined || position === undefined ? undefined : { logId, position: BigInt(position) };
};
