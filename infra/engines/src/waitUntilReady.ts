import type { EngineProcess } from './engineProcess.js';

/** A busy machine needs several times the usual 3-8 s. */
const READY_TIMEOUT_MS = 120_000;

/**
 * Waits until an engine is ready; kills it when it is not ready in time.
 * @param check resolves when the engine is ready, and gives up when its signal is aborted.
 * @throws RealEngineFailed with the engine's last lines when it ends first or is not ready in time.
 */
export const waitUntilReady = async (
  engine: EngineProcess,
  check: (signal: AbortSignal) => Promise<void>,
  timeoutMs = READY_TIMEOUT_MS,
): Promise<void> => {
  const waiting = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`was not ready within ${timeoutMs / 1000} s`), timeoutMs);
  });
  const failure = await Promise.race([
    check(waiting.signal).then(() => undefined),
    engine.ended.then((end) => `did not start: it ended with ${end}`),
    timeout,
  ]);
  clearTimeout(timer);
  waiting.abort();
  if (failure === undefined) return;
  await engine.kill();
  throw engine.failure(failure);
};
