export interface LostConnections {
  /** Counts a connection of a source that closed before a request on it was answered. */
  note(source: string): void;
  /** Whether the source has lost so many within the time that it gets no new one. */
  isTooMany(source: string): boolean;
}

/**
 * Counts the connections that the clients of each source leave without waiting for an answer. A client that leaves costs as much as
 * one that waits, and nothing holds it up.
 * @param most as many in `withinMs` are nothing unusual
 */
export const lostConnections = ({ most, withinMs }: { most: number; withinMs: number }): LostConnections => {
  const counts = new Map<string, number>();
  const forget = (source: string): void => {
    const left = (counts.get(source) ?? 0) - 1;
    if (left > 0) counts.set(source, left);
    else counts.delete(source);
  };
  return {
    note: (source) => {
      counts.set(source, (counts.get(source) ?? 0) + 1);
      setTimeout(forget, withinMs, source).unref();
    },
    isTooMany: (source) => (counts.get(source) ?? 0) >= most,
  };
};
