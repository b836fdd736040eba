import { writeSync } from 'node:fs';
import pino from 'pino';

/** Most bytes buffered while the reader does not drain them; further lines are dropped. */
const BUFFER_BYTES = 8 * 1024 * 1024;
const STDOUT = 1;
const ignore = (): void => undefined;

/**
 * Writes lines without waiting for their reader. Once the reader is gone (closed terminal, broken pipe), lines are dropped
 * and the process goes on. Without this, pino's flush at exit would repeat a failing write for ever.
 */
export const logDestination = (fd = STDOUT) => {
  const destination = pino.destination({ dest: fd, sync: false, maxLength: BUFFER_BYTES });
  const flush = destination.flushSync.bind(destination);
  const drop = (): void => {
    Object.assign(destination, { write: () => true, end: ignore, flush: ignore, flushSync: ignore, destroy: ignore });
  };
  destination.on('error', drop);
  destination.flushSync = () => {
    try {
      writeSync(fd, '');
    } catch {
      return drop();
    }
    flush();
  };
  return destination;
};
