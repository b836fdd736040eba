import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** Polls a URL until it answers with a status of success, or the signal is aborted. */
export const untilOk = async (url: string, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const answer = await fetch(url, { signal }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(POLL_MS);
  }
};
