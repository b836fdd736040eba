/** At most one line of progress in this time. */
const PROGRESS_MS = 1_000;

/** Prints lines of progress, at most one a second. `printLast` prints the last one if it was left out. */
export const throttledProgress = (print: (line: string) => void, now: () => number = () => performance.now()) => {
  let printedAt = Number.NEGATIVE_INFINITY;
  let last: string | undefined;
  let printed: string | undefined;
  const printNow = (line: string): void => {
    printedAt = now();
    printed = line;
    print(line);
  };
  return {
    progress: (line: string): void => {
      last = line;
      if (now() - printedAt >= PROGRESS_MS) printNow(line);
    },
    printLast: (): void => {
      if (last !== undefined && last !== printed) printNow(last);
    },
    last: (): string | undefined => last,
  };
};
