/** Does something `count` times over, at most `lanes` at a time. Each lane waits for its own work only. */
export const inFlight = async (
  { count, lanes }: { count: number; lanes: number },
  work: (index: number, lane: number) => Promise<unknown>,
): Promise<void> => {
  let next = 0;
  const run = async (_: unknown, lane: number): Promise<void> => {
    while (next < count) await work(next++, lane);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, run));
};
