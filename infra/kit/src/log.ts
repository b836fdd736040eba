import pino from 'pino';
import { allowedFields, type LogFields, printable } from './logFields.js';

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

/** Beyond this, lines are dropped rather than memory filled when stdout does not drain. */
const BUFFER_BYTES = 8 * 1024 * 1024;

const over = (log: pino.Logger): Log => ({
  info: (message, fields) => log.info(allowedFields(fields), printable(message)),
  warn: (message, fields) => log.warn(allowedFields(fields), printable(message)),
  error: (message, fields) => log.error(allowedFields(fields), printable(message)),
  child: (fields) => over(log.child(allowedFields(fields))),
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
