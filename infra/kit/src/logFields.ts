import { describeError } from './describeError.js';

type Text = string;
type Count = number | bigint;

/** Everything a log line may carry besides its fixed message (L-02). Ids, names of ours and numbers; nothing a person typed. */
export interface LogFields {
  service?: Text;
  requestId?: Text;
  correlationId?: Text;
  /** Template (`/api/v1/users/{id}`), never the URL. */
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
  /** Shown as name, code and stack frames; its message only where we wrote it for an operator. */
  error?: unknown;
}

/** The types end at compile time; what runs is this list. */
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

const LONGEST_TEXT = 500;
/** JSON escapes C0 controls; C1 controls and the Unicode line ends can still drive a terminal or split a line. */
export const printable = (text: string): string =>
  text.slice(0, LONGEST_TEXT).replace(/[\u007f-\u009f\u2028\u2029]/g, '\uFFFD');

const shown = (name: string, value: unknown): unknown => {
  if (name === 'error') return describeError(value);
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
};

/** The fields as they are written: those on the list, made harmless. */
export const allowedFields = (fields: LogFields = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => Object.hasOwn(ALLOWED, name))
      .map(([name, value]) => [name, shown(name, value)]),
  );
