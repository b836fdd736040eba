import { EventStoreDBClient } from '@eventstore/db-client';
import pg from 'pg';

/** What this process sent to Postgres and the event log. */
export interface RecordedCalls {
  /** One entry for each statement: the `application_name` of its connection, and the statement's name or text. */
  statements: string[];
  /** One entry for each gRPC call of a client of the event log, by the client's method. */
  logCalls: string[];
}

export interface CallRecorder {
  /** What was sent since the last call of `take`. */
  take(): RecordedCalls;
  /** Number of calls recorded since the start. */
  total(): number;
  stop(): void;
}

/** Connections of the embedded log server, which stands in for EventStoreDB. */
const LOG_SERVER = /^event-log-/;
/** Statements sent at intervals or at most so often, however many operations there are. */
const PERIODIC = [
  /^lock: /,
  /^reconciler: (?!find-settled-revisions)/,
  /^query-api: revocations$/,
  /^projector: (find-projection-progress|advance-read\.checkpoint|move-read\.checkpoint-unflushed|(load|insert-read\.audit_event_v1)-read\.audit_stream_v1)$/,
  /^notifier: advance-notifier\.checkpoint$/,
  /^notary: /,
];
/** Without `readAll`, which readers of the whole log call at intervals. */
const LOG_METHODS = ['appendToStream', 'readStream'] as const;

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Records every statement and every call of the event log in this process until `stop`. Patches the two client libraries,
 * because only there all services meet, and a wrapper around our own ports would miss statements that pass them by.
 */
export const recordCalls = (): CallRecorder => {
  let calls: RecordedCalls = { statements: [], logCalls: [] };
  let total = 0;
  const statement = (entry: string): void => {
    total += 1;
    calls.statements.push(entry);
  };
  const logCall = (entry: string): void => {
    total += 1;
    calls.logCalls.push(entry);
  };
  const restores = [
    patch(pg.Client.prototype, 'query', (client, [query]) => {
      const { application_name: application = '' } = (client as { connectionParameters: pg.ClientConfig })
        .connectionParameters;
      const label = `${application}: ${labelOf(query)}`;
      if (!LOG_SERVER.test(application) && !PERIODIC.some((pattern) => pattern.test(label))) statement(label);
    }),
    ...LOG_METHODS.map((method) => patch(EventStoreDBClient.prototype, method, () => logCall(method))),
  ];
  return {
    take: () => {
      const taken = calls;
      calls = { statements: [], logCalls: [] };
      return taken;
    },
    total: () => total,
    stop: () => {
      for (const restore of restores) restore();
    },
  };
};

/** Calls `before` in front of each call of a method. @returns restores the method */
const patch = (prototype: object, name: string, before: (self: unknown, args: unknown[]) => void): (() => void) => {
  const methods = prototype as Record<string, Method>;
  const original = methods[name] as Method;
  methods[name] = function (...args) {
    before(this, args);
    return original.apply(this, args);
  };
  return () => {
    methods[name] = original;
  };
};

const labelOf = (query: unknown): string => {
  if (typeof query === 'string') return firstLine(query);
  const { name, text } = query as { name?: string; text?: string };
  return name ?? firstLine(text ?? '');
};

const firstLine = (sql: string): string => sql.trim().split('\n', 1)[0] ?? '';
