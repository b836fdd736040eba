/** Calls `work` `count` times with at most `lanes` calls in parallel. The calls of a lane run one after another. */
export const runParallel = async (
  { count, lanes }: { count: number; lanes: number },
  work: (index: number, lane: number) => Promise<unknown>,
): Promise<void> => {
  let next = 0;
  const run = async (_: unknown, lane: number): Promise<void> => {
    while (next < count) await work(next++, lane);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, run));
};
