export type Close = () => Promise<void> | void;

export interface Closers {
  /** Registers what closes something just opened. After `close()` began it is closed at once. */
  onClose(close: Close): void;
  /** Closes in reverse of opening, each once, all of them even if one fails. @throws AggregateError of the failures */
  close(): Promise<void>;
}

/** What has been opened, closed in reverse: nothing is closed while something opened later may still use it. */
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
