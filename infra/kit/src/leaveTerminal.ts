import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

const STDIO = [0, 1, 2];

/**
 * Returns what closes the standard streams that are a terminal now. After the terminal was closed (SIGHUP) Node would abort
 * at its exit, because it cannot restore the modes of a terminal that is gone; it skips closed streams.
 */
export const terminalLeaver = (
  isTerminal: (fd: number) => boolean = isatty,
  close: (fd: number) => void = closeSync,
) => {
  const terminals = STDIO.filter(isTerminal);
  return (): void => {
    for (const fd of terminals.splice(0)) close(fd);
  };
};
