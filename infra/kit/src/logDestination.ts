import { writeSync } from 'node:fs';
import pino from 'pino';

/** Most bytes buffered while the reader does not drain them; further lines are dropped. */
const BUFFER_BYTES = 8 * 1024 * 1024;
/** Lines of this time are written together: a write of its own for each line is a fifth of the CPU of a small request. */
const COLLECT_MS = 20;
/** Characters that are written without waiting for `COLLECT_MS`. */
const COLLECT_LENGTH = 8 * 1024;
const FULL_PIPE_MS = 1_000;
const RETRY_MS = 10;
const RESUME_MS = 1_000;
const STDOUT = 1;
const ignore = (): void => undefined;

/** Writes a text before it returns. @throws what the write throws, also when a full pipe is not read for a second */
const writeNow = (fd: number, text: string): void => {
  const deadline = performance.now() + FULL_PIPE_MS;
  let rest = Buffer.from(text);
  do {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  } while (rest.length > 0);
};

let onReaderGone: (error: Error) => void = ignore;

/** Sets what is called, once for each destination, when lines meet a pipe that nobody reads any more (EPIPE). */
export const setReaderGoneListener = (listener: (error: Error) => void): void => {
  onReaderGone = listener;
};

export interface LogDestination {
  /** Takes whole lines. Never waits. */
  write(lines: string): void;
  /** Writes what waits, for at most about a second. Never throws. Also called at the exit. */
  flushSync(): void;
}

/**
 * Writes lines without waiting for their reader, those of 20 ms together. A process that is killed loses the lines of its
 * last 20 ms; one that ends writes them.
 *
 * Once the reader is gone (closed terminal, broken pipe), lines are dropped, and the listener of
 * {@link setReaderGoneListener} decides about the process. After another failure, such as a full disk, the lines of some time
 * are dropped, then it is tried again, on a new line, because the last one may have been cut.
 *
 * @param resumeMs how long lines are dropped after a failure. @default 1 s
 */
export const logDestination = (fd = STDOUT, resumeMs = RESUME_MS): LogDestination => {
  let failedAt: number | undefined;
  const onFailure = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') onReaderGone(error);
    else failedAt = performance.now();
  };
  let writer = lineWriter(fd, onFailure);
  return {
    write: (lines) => {
      if (failedAt === undefined || performance.now() - failedAt < resumeMs) return writer.write(lines);
      failedAt = undefined;
      writer = lineWriter(fd, onFailure);
      writer.write(`\n${lines}`);
    },
    flushSync: () => writer.flushSync(),
  };
};

/**
 * Writes until the first failure, and drops everything from then on. The lines of the last 20 ms are written here at the exit,
 * because pino's own flush repeats a failing write for ever.
 */
const lineWriter = (fd: number, onFailure: (error: NodeJS.ErrnoException) => void): LogDestination => {
  const destination = pino.destination({ dest: fd, sync: false, maxLength: BUFFER_BYTES });
  const write = destination.write.bind(destination);
  const flush = destination.flushSync.bind(destination);
  let collected = '';
  let timer: NodeJS.Timeout | undefined;

  const writeCollected = (): boolean => {
    clearTimeout(timer);
    timer = undefined;
    const lines = collected;
    collected = '';
    return write(lines);
  };
  const drop = (): void => {
    clearTimeout(timer);
    Object.assign(destination, { write: () => true, end: ignore, flush: ignore, flushSync: ignore, destroy: ignore });
  };
  destination.write = (line) => {
    collected += line;
    if (collected.length >= COLLECT_LENGTH) return writeCollected();
    timer ??= setTimeout(writeCollected, COLLECT_MS).unref();
    return true;
  };
  destination.on('error', (error: NodeJS.ErrnoException) => {
    drop();
    onFailure(error);
  });
  destination.flushSync = () => {
    clearTimeout(timer);
    timer = undefined;
    try {
      writeNow(fd, collected);
    } catch {
      return drop();
    } finally {
      collected = '';
    }
    flush();
  };
  return destination;
};
