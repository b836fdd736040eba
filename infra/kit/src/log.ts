import pino from 'pino';
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

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log with these fields on every line. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  service: string;
  level?: 'info' | 'warn' | 'error' | 'silent';
  /** Takes whole JSON lines; stdout when absent. */
  destination?: { write(line: string): void };
}

/** The types end at compile time; what runs is this list. */
const ALLOWED: ReadonlySet<string> = new Set<keyof LogFields>([
  ...(['service', 'requestId', 'correlationId', 'route', 'method', 'status', 'slug', 'durationMs'] as const),
  ...(['userId', 'registrationId', 'actor', 'role', 'stream', 'type', 'eventId', 'revision', 'position'] as const),
  ...(['head', 'lag', 'projection', 'lane', 'template', 'messageId', 'dependency', 'migration', 'reason'] as const),
  ...([
    'outcome',
    'state',
    'attempt',
    'count',
    'dropped',
    'waitMs',
    'port',
    'pid',
    'signal',
    'keyId',
    'error',
  ] as const),
]);

const LONGEST_TEXT = 500;
/** Beyond this, lines are dropped rather than memory filled when stdout does not drain. */
const BUFFER_BYTES = 8 * 1024 * 1024;

/** JSON escapes C0 controls; C1 controls and the Unicode line ends can still drive a terminal or split a line. */
const printable = (text: string): string =>
  text.slice(0, LONGEST_TEXT).replace(/[\u007f-\u009f\u2028\u2029]/g, '\uFFFD');

const shown = (name: string, value: unknown): unknown => {
  if (name === 'error') return describeError(value);
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
};

const allowed = (fields: LogFields = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => ALLOWED.has(name))
      .map(([name, value]) => [name, shown(name, value)]),
  );

const over = (logger: pino.Logger): Log => ({
  info: (message, fields) => logger.info(allowed(fields), printable(message)),
  warn: (message, fields) => logger.warn(allowed(fields), printable(message)),
  error: (message, fields) => logger.error(allowed(fields), printable(message)),
  child: (fields) => over(logger.child(allowed(fields))),
});

/** A log of JSON lines with allow-listed fields. Writing never waits for the reader of stdout. */
export const createLog = ({ service, level = 'info', destination }: LogOptions): Log =>
  over(
    pino(
      {
        level,
        base: { service },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination ?? pino.destination({ dest: 1, sync: false, maxLength: BUFFER_BYTES }),
    ),
  );

const nothing = (): void => undefined;

/** For tests that look at something else. */
export const silentLog: Log = { info: nothing, warn: nothing, error: nothing, child: () => silentLog };
