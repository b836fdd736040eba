/**
 * Answers from memory what was read a moment ago, and lets callers share a read in progress: for public documents, so that
 * requests of strangers cost no reads. A failed read is not kept.
 */
export const keptAnswer = <T>(read: () => Promise<T>, keptMs: number): (() => Promise<T>) => {
  let kept: { answer: Promise<T>; until: number } | undefined;
  return () => {
    if (kept !== undefined && performance.now() < kept.until) return kept.answer;
    const answer = read();
    kept = { answer, until: performance.now() + keptMs };
    answer.catch(() => {
      kept = undefined;
    });
    return answer;
  };
};
