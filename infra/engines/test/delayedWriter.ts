/**
 * Passes frames to `write`, each after the delay that applies when it arrives, and never before an earlier one.
 * @param delayMs the delay that applies now.
 */
export const delayedWriter = (write: (frame: Buffer) => void, delayMs: () => number): ((frame: Buffer) => void) => {
  let waiting = 0;
  let last = Promise.resolve();
  return (frame) => {
    const delay = delayMs();
    if (delay === 0 && waiting === 0) {
      write(frame);
      return;
    }
    waiting++;
    const delayed = new Promise((resolve) => setTimeout(resolve, delay));
    last = Promise.all([last, delayed]).then(() => {
      waiting--;
      write(frame);
    });
  };
};
