import { type Close, closers } from './closers.js';
import { terminalLeaver } from './leaveTerminal.js';
import { createLog, type Log } from './log.js';
import { silenceDebug } from './silenceDebug.js';
import { isOperatorError } from './startRefused.js';
import { onStdoutFailure } from './stdoutFailure.js';

const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

/** The part of `process` that {@link run} needs. */
export interface ProcessHost {
  on(event: StopSignal, listener: (signal: string) => void): unknown;
  on(event: 'unhandledRejection' | 'uncaughtException', listener: (error: unknown) => void): unknown;
  exit(code: number): void;
  stderr: { write(text: string): unknown };
  /** Calls the listener when a write to stdout fails. */
  onStdoutFailure(listener: (error: Error) => void): void;
  /** Called before the exit after a SIGHUP. */
  leaveTerminal(): void;
}

export interface RunOptions {
  log?: Log;
  host?: ProcessHost;
  /** The process exits with code 1 when closing takes longer. @default 10 s */
  deadlineMs?: number;
}

/** One Ctrl-C arrives twice under npm: from the terminal, and forwarded by npm. The same signal within this time counts once. */
const SAME_SIGNAL_MS = 500;

const thisProcess = (): ProcessHost => ({
  on: process.on.bind(process) as ProcessHost['on'],
  exit: (code) => process.exit(code),
  stderr: process.stderr,
  onStdoutFailure,
  leaveTerminal: terminalLeaver(),
});

/**
 * Runs a service as this process. SIGTERM, SIGINT, SIGQUIT, SIGHUP (its terminal was closed) or a fatal error closes everything
 * opened, in reverse order, then exits; a second signal or the deadline exits at once (F-32). Unhandled rejections and exceptions
 * are logged and fatal (F-36), and so is a pipe of stdout without a reader. When the start fails with an operator error ({@link
 * isOperatorError}), only its message is written to stderr; when such an error is fatal later, its message is the last line
 * there. Any failure exits with code 1.
 */
export const run = async (
  start: (onClose: (close: Close) => void) => Promise<void>,
  { log = createLog({ service: 'process' }), host = thisProcess(), deadlineMs = 10_000 }: RunOptions = {},
): Promise<void> => {
  silenceDebug();
  const { onClose, close } = closers();
  let stopping = false;
  let first: { signal: string; at: number } | undefined;
  let operatorMessage: string | undefined;

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
    if (operatorMessage !== undefined) host.stderr.write(`${operatorMessage}\n`);
    try {
      if (first?.signal === 'SIGHUP') host.leaveTerminal();
    } finally {
      host.exit(closed ? code : 1);
    }
  };

  const onSignal = (signal: string): void => {
    if (stopping) {
      // A closed terminal sends SIGHUP several times, so a further one does not ask for a quick end.
      const repeated = signal === first?.signal && performance.now() - first.at < SAME_SIGNAL_MS;
      if (!repeated && signal !== 'SIGHUP') host.exit(1);
      return;
    }
    first = { signal, at: performance.now() };
    log.info('stopping', { signal });
    void stop(0);
  };
  const onFatalError = (error: unknown): void => {
    log.error('fatal error', { error });
    if (!stopping && isOperatorError(error)) operatorMessage = error.message;
    void stop(1);
  };
  for (const signal of STOP_SIGNALS) host.on(signal, onSignal);
  host.onStdoutFailure(onFatalError);
  host.on('unhandledRejection', onFatalError);
  host.on('uncaughtException', onFatalError);

  try {
    await start(onClose);
  } catch (error) {
    if (stopping) return;
    if (isOperatorError(error)) host.stderr.write(`${error.message}\n`);
    else log.error('start failed', { error });
    await stop(1);
  }
};
