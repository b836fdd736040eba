import type { Message } from '../messages/message.js';
import { parseStream } from '../streams.js';
import { isUuid } from '../uuid.js';
import { CONTENT_TYPE, SPEC_VERSION } from './cloudEvent.js';
import { WORK_TYPE, WORK_VERSION } from './workRecord.js';

/** A record as a Kafka consumer delivers it. */
export interface ReceivedRecord {
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers?: Readonly<Record<string, Received | Received[] | undefined>> | undefined;
}

type Received = Uint8Array | string;

/** Why a record is no message. The same record is refused again by this version, but a later one may know its version. */
export type InvalidReason =
  | 'no-value'
  | 'too-large'
  | 'not-utf8'
  | 'not-json'
  | 'unknown-type'
  | 'unknown-version'
  | 'malformed-field';

/** Contains nothing of the record itself, so it may be logged. */
export interface InvalidRecord {
  reason: InvalidReason;
  /** The header or field that is missing or malformed. */
  field?: string;
}

export type ParsedRecord = { message: Message } | { invalid: InvalidRecord };

/** A pointer takes some 200 bytes. */
const MAX_VALUE_BYTES = 16_384;
const DECIMAL = /^(?:0|[1-9]\d{0,19})$/;
const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * Reads a record of the work topic. Never throws: whatever bytes arrive, the result is the message or the reason why there
 * is none. The message has no `content`; handlers read the event from the log.
 */
export const parseWorkRecord = (record: ReceivedRecord): ParsedRecord => {
  const decoded = decode(record);
  return 'invalid' in decoded ? decoded : messageOf(decoded);
};

interface Decoded {
  key: string | undefined;
  header: (name: string) => string | undefined;
  value: unknown;
}

const invalid = (reason: InvalidReason, field?: string): { invalid: InvalidRecord } => ({
  invalid: field === undefined ? { reason } : { reason, field },
});

const malformed = (field: string) => invalid('malformed-field', field);

/** The type comes first: other versions may encode their value differently. */
const decode = ({ key, value, headers }: ReceivedRecord): Decoded | { invalid: InvalidRecord } => {
  const header = (name: string) => {
    const received = headers !== undefined && Object.hasOwn(headers, name) ? headers[name] : undefined;
    return received === undefined || Array.isArray(received) ? undefined : textOf(received);
  };
  if (header('ce_specversion') !== SPEC_VERSION) return malformed('ce_specversion');
  const type = /^(.+)\.v(\d+)$/.exec(header('ce_type') ?? '');
  if (type === null) return malformed('ce_type');
  if (type[1] !== WORK_TYPE) return invalid('unknown-type');
  if (type[2] !== String(WORK_VERSION)) return invalid('unknown-version');
  if (value === null) return invalid('no-value');
  if (header('content-type') !== CONTENT_TYPE) return malformed('content-type');
  if (value.byteLength > MAX_VALUE_BYTES) return invalid('too-large');
  const text = textOf(value);
  if (text === undefined) return invalid('not-utf8');
  try {
    return { key: key === null ? undefined : textOf(key), header, value: JSON.parse(text) };
  } catch {
    return invalid('not-json');
  }
};

const messageOf = ({ key, header, value }: Decoded): ParsedRecord => {
  if (typeof value !== 'object' || value === null) return malformed('value');
  const { stream, revision, type, position } = value as Record<string, unknown>;
  const place = typeof stream === 'string' ? parseStream(stream) : undefined;
  if (place === undefined) return malformed('stream');
  if (typeof type !== 'string' || type === '') return malformed('type');
  const [revisionNumber, positionNumber] = [numberOf(revision), numberOf(position)];
  if (revisionNumber === undefined) return malformed('revision');
  if (positionNumber === undefined) return malformed('position');
  if (key !== place.id) return malformed('key');
  const eventId = header('ce_id');
  if (!isUuid(eventId)) return malformed('ce_id');
  const pointer = { stream: stream as string, revision: revisionNumber, type, position: positionNumber };
  const correlationId = header('ce_correlationid');
  if (correlationId !== undefined && !isUuid(correlationId)) return malformed('ce_correlationid');
  return { message: { eventId, key, correlationId, pointer, content: undefined } };
};

const numberOf = (value: unknown): bigint | undefined => {
  if (typeof value !== 'string' || !DECIMAL.test(value)) return undefined;
  const number = BigInt(value);
  return number > MAX_UINT64 ? undefined : number;
};

/** `undefined` if the bytes are not UTF-8. A byte order mark is text like any other, so JSON that begins with one is refused. */
const textOf = (received: Received): string | undefined => {
  if (typeof received === 'string') return received;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(received);
  } catch {
    return undefined;
  }
};
