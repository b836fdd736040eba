import { decodeText, encodeText } from './base64url.js';
import { UUID_PATTERN } from './uuid.js';

/** A position in one log that a read must have reached: `X-Consistency-Token`, `<log id>.<position>.` in base64url. */
export interface ConsistencyPoint {
  logId: string;
  position: bigint;
}

/** Commands answer with a token in this header; a read that sends it back sees at least what the command did. */
export const CONSISTENCY_HEADER = 'X-Consistency-Token';

/** The dot at the end tells a token that was cut off, which would name an earlier position. */
const FORM = new RegExp(`^(${UUID_PATTERN})\\.(0|[1-9][0-9]{0,19})\\.$`);
const LAST_POSITION = 2n ** 64n - 1n;

/** Encodes a point; {@link parseConsistencyToken} decodes it. */
export const formatConsistencyToken = ({ logId, position }: ConsistencyPoint): string =>
  encodeText(`${logId}.${position}.`);

/** `undefined` when the text is not a consistency token; the caller answers 400. */
export const parseConsistencyToken = (text: string): ConsistencyPoint | undefined => {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(text)) return undefined;
  const [, logId, digits] = FORM.exec(decodeText(text) ?? '') ?? [];
  if (logId === undefined || digits === undefined) return undefined;
  const position = BigInt(digits);
  return position > LAST_POSITION ? undefined : { logId, position };
};
