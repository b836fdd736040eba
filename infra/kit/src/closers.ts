export type Close = () => Promise<void> | void;

export interface Closers {
  /** Registers how to close a resource that was just opened. Once `close()` has been called, it runs at once. */
  onClose(close: Close): void;
  /**
   * Runs all registered functions in reverse order, each once, even if some fail. Further calls return the same promise.
   * @throws AggregateError of all failures
   */
  close(): Promise<void>;
}

/** A stack of resources to close. The reverse order keeps a resource open while one opened later may still use it. */
export const closers = (): Closers => {
  const open: Close[] = [];
  const failures: unknown[] = [];
  let closing: Promise<void> | undefined;

  const closeAll = async (): Promise<void> => {
    for (let close = open.pop(); close !== undefined; close = open.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  };

  return {
    onClose: (close) => {
      open.push(close);
      if (closing !== undefined) closing = closing.then(closeAll, closeAll);
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
};
