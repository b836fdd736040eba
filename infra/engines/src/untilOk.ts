import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** Polls a URL on loopback until it answers with a status of success, or the signal is aborted. Proxies of the shell do not count. */
export const untilOk = async (url: string, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    if (await isOk(url, signal).catch(() => false)) return;
    await sleep(POLL_MS);
  }
};

const isOk = async (url: string, signal: AbortSignal): Promise<boolean> => {
  // With `NODE_USE_ENV_PROXY`, Node.js gives its own agent and `fetch` the proxies of the environment.
  const request = get(url, { signal, agent: new Agent() });
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return Math.floor((response.statusCode ?? 0) / 100) === 2;
};
