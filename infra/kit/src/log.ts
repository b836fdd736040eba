import pino from 'pino';
import { logDestination } from './logDestination.js';
import { allowedFields, type LogFields, printable } from './logFields.js';
import { tapped } from './logTap.js';

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  service: string;
  level?: 'info' | 'warn' | 'error' | 'silent';
  /** Receives whole JSON lines. @default stdout */
  destination?: { write(line: string): void };
}

const wrap = (log: pino.Logger): Log => ({
  info: (message, fields) => log.info(allowedFields(fields), printable(message)),
  warn: (message, fields) => log.warn(allowedFields(fields), printable(message)),
  error: (message, fields) => log.error(allowedFields(fields), printable(message)),
  child: (fields) => wrap(log.child(allowedFields(fields))),
});

/** Logs JSON lines with allow-listed fields (L-02). Writing never waits for the reader of stdout. */
export const createLog = ({ service, level = 'info', destination }: LogOptions): Log =>
  wrap(
    pino(
      {
        level,
        base: { service },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      tapped(destination ?? logDestination()),
    ),
  );

const ignore = (): void => undefined;

/** Discards everything. */
export const silentLog: Log = { info: ignore, warn: ignore, error: ignore, child: () => silentLog };
