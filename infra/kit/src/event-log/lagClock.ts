/**
 * Measures for how many seconds a follower has been behind: since a head was seen that it has not reached yet. `undefined`
 * while it has reached every head that was seen. Measures time, not positions, because positions have gaps of any size.
 */
export type LagClock = (position: bigint, head: bigint | undefined) => number | undefined;

/** @param now in ms. @default performance.now */
export const lagClock = (now: () => number = () => performance.now()): LagClock => {
  let behind: { head: bigint; since: number } | undefined;
  return (position, head) => {
    if (behind !== undefined && position >= behind.head) behind = undefined;
    if (head !== undefined && head > position) behind ??= { head, since: now() };
    return behind === undefined ? undefined : (now() - behind.since) / 1_000;
  };
};
