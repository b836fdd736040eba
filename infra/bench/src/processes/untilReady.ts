import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;
const LONGEST_MS = 90_000;

/** Resolves once a service answers that it is ready. @throws Error when that takes too long */
export const untilReady = async (url: string, longestMs = LONGEST_MS): Promise<void> => {
  for (const end = performance.now() + longestMs; ; await sleep(POLL_MS)) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    if (performance.now() > end) throw new Error('a service was not ready in time');
  }
};
