import { type Close, closers } from './closers.js';
import { createLog, type Log } from './log.js';
import { isPrintable } from './startRefused.js';

/** What {@link run} needs of a process. */
export interface Host {
  on(event: 'SIGTERM' | 'SIGINT', listener: (signal: string) => void): unknown;
  on(event: 'unhandledRejection' | 'uncaughtException', listener: (error: unknown) => void): unknown;
  exit(code: number): void;
  stderr: { write(text: string): unknown };
}

export interface RunOptions {
  log?: Log;
  host?: Host;
  /** How long closing may take before the process ends anyway. */
  deadlineMs?: number;
}

/** npm passes on what a terminal has sent to its whole process group already: one Ctrl-C arrives twice, this close. */
const ECHO_MS = 500;

/**
 * Runs a service as this process: SIGTERM, SIGINT or a fatal error closes what was opened, in reverse, and ends the
 * process; a second signal or the deadline ends it at once (F-32). An unhandled rejection or exception is logged and
 * fatal (F-36). A start that fails with a printable error shows exactly its message; exit code 1.
 */
export const run = async (
  start: (onClose: (close: Close) => void) => Promise<void>,
  { log = createLog({ service: 'process' }), host = process, deadlineMs = 10_000 }: RunOptions = {},
): Promise<void> => {
  const { onClose, close } = closers();
  let stopping = false;
  let first: { signal: string; at: number } | undefined;

  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const deadline = setTimeout(() => {
      log.error('closing took too long', { waitMs: deadlineMs });
      host.exit(1);
    }, deadlineMs);
    const closed = await close().then(
      () => true,
      (error: unknown) => {
        log.error('closing failed', { error });
        return false;
      },
    );
    clearTimeout(deadline);
    host.exit(closed ? code : 1);
  };

  const signalled = (signal: string): void => {
    if (stopping) {
      const echoed = signal === first?.signal && performance.now() - first.at < ECHO_MS;
      if (!echoed) host.exit(1);
      return;
    }
    first = { signal, at: performance.now() };
    log.info('stopping', { signal });
    void stop(0);
  };
  const fatal = (error: unknown): void => {
    log.error('fatal error', { error });
    void stop(1);
  };
  host.on('SIGTERM', signalled);
  host.on('SIGINT', signalled);
  host.on('unhandledRejection', fatal);
  host.on('uncaughtException', fatal);

  try {
    await start(onClose);
  } catch (error) {
    if (stopping) return;
    if (isPrintable(error)) host.stderr.write(`${error.message}\n`);
    else log.error('start failed', { error });
    await stop(1);
  }
};
