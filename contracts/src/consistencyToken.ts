import { UUID_PATTERN } from './uuid.js';

/** A position in one log that a read must have reached: `X-Consistency-Token`, `<log id>.<position>` in base64url. */
export interface ConsistencyPoint {
  logId: string;
  position: bigint;
}

/** Commands answer with a token in this header; a read that sends it back sees at least what the command did. */
export const CONSISTENCY_HEADER = 'X-Consistency-Token';

const FORM = new RegExp(`^(${UUID_PATTERN})\\.(0|[1-9][0-9]{0,19})$`);

/** Encodes a point; {@link parseConsistencyToken} decodes it. */
export const formatConsistencyToken = ({ logId, position }: ConsistencyPoint): string =>
  Buffer.from(`${logId}.${position}`, 'utf8').toString('base64url');

/** `undefined` when the text is not a consistency token; the caller answers 400. */
export const parseConsistencyToken = (text: string): ConsistencyPoint | undefined => {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(text)) return undefined;
  const [, logId, position] = FORM.exec(Buffer.from(text, 'base64url').toString('utf8')) ?? [];
  return logId === undefined || position === undefined ? undefined : { logId, position: BigInt(position) };
};
