import { describeError } from './describeError.js';

type Text = string;
type Count = number | bigint;

/** All fields a log line may have besides its fixed message (L-02): ids, our own names and numbers, never user input. */
export interface LogFields {
  service?: Text;
  requestId?: Text;
  correlationId?: Text;
  /** Route template (`/api/v1/users/{id}`), never the URL. */
  route?: Text;
  method?: Text;
  status?: number;
  slug?: Text;
  durationMs?: number;
  userId?: Text;
  registrationId?: Text;
  actor?: Text;
  role?: Text;
  stream?: Text;
  type?: Text;
  eventId?: Text;
  revision?: Count;
  /** The revision that was next when the logged `revision` came. */
  expected?: Count;
  position?: Count;
  head?: Count;
  lag?: Count;
  projection?: Text;
  lane?: Text;
  template?: Text;
  messageId?: Text;
  dependency?: Text;
  migration?: Text;
  reason?: Text;
  outcome?: Text;
  state?: Text;
  attempt?: number;
  count?: Count;
  dropped?: Count;
  waitMs?: number;
  port?: number;
  pid?: number;
  signal?: Text;
  keyId?: Text;
  /** Logged as name, code and stack frames; the message only when it was written for the operator. */
  error?: unknown;
}

/** Types are not checked at run time, so the fields are filtered by this list. */
const ALLOWED: Readonly<Record<keyof LogFields, true>> = {
  service: true,
  requestId: true,
  correlationId: true,
  route: true,
  method: true,
  status: true,
  slug: true,
  durationMs: true,
  userId: true,
  registrationId: true,
  actor: true,
  role: true,
  stream: true,
  type: true,
  eventId: true,
  revision: true,
  expected: true,
  position: true,
  head: true,
  lag: true,
  projection: true,
  lane: true,
  template: true,
  messageId: true,
  dependency: true,
  migration: true,
  reason: true,
  outcome: true,
  state: true,
  attempt: true,
  count: true,
  dropped: true,
  waitMs: true,
  port: true,
  pid: true,
  signal: true,
  keyId: true,
  error: true,
};

/** Names of all fields that a line may have, in addition to its level, time and message. */
export const LOG_FIELD_NAMES: readonly string[] = Object.keys(ALLOWED);

const MAX_TEXT_LENGTH = 500;
/** Truncates, and replaces what JSON does not escape: C1 controls can control a terminal, Unicode line ends can split a line. */
export const printable = (text: string): string =>
  text.slice(0, MAX_TEXT_LENGTH).replace(/[\u007f-\u009f\u2028\u2029]/g, '\uFFFD');

const serialize = (name: string, value: unknown): unknown => {
  if (name === 'error') return describeError(value);
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
};

/** The allow-listed fields in the form in which they are written. */
export const allowedFields = (fields: LogFields = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => Object.hasOwn(ALLOWED, name))
      .map(([name, value]) => [name, serialize(name, value)]),
  );
