import { writeSync } from 'node:fs';
import pino from 'pino';

/** Most bytes buffered while the reader does not drain them; further lines are dropped. */
const BUFFER_BYTES = 8 * 1024 * 1024;
/** Lines of this time are written together: a write of its own for each line is a fifth of the CPU of a small request. */
const COLLECT_MS = 20;
/** Characters that are written without waiting for `COLLECT_MS`. */
const COLLECT_LENGTH = 8 * 1024;
const STDOUT = 1;
const ignore = (): void => undefined;

/**
 * Writes lines without waiting for their reader, those of 20 ms together. A process that is killed loses the lines of its
 * last 20 ms; one that ends writes them.
 *
 * Once the reader is gone (closed terminal, broken pipe), lines are dropped and the process goes on. Without this, pino's
 * flush at exit would repeat a failing write for ever.
 */
export const logDestination = (fd = STDOUT) => {
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
  destination.on('error', drop);
  destination.flushSync = () => {
    try {
      writeSync(fd, '');
    } catch {
      return drop();
    }
    writeCollected();
    flush();
  };
  return destination;
};
