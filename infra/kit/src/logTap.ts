/** Receives whole JSON lines. Must neither wait nor throw: it runs within the log call. */
export type LineTap = (line: string) => void;

let current: LineTap | undefined;

/** Passes every line of the loggers of this process to a tap as well. There is at most one. @returns removes the tap */
export const setLogTap = (tap: LineTap): (() => void) => {
  current = tap;
  return () => {
    if (current === tap) current = undefined;
  };
};

/** A destination that writes to another one and to the tap, if there is one. */
export const tapped = (destination: { write(line: string): unknown }) => ({
  write: (line: string): void => {
    destination.write(line);
    current?.(line);
  },
});
