import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_PREFIX } from '@ums/contracts/routes';

const PAUSE_MS = 250;
const RETRY_MS = 1_000;

/**
 * Streams the feed of events again and again, taking 64 KB four times a second, until the signal aborts. A stream that is
 * refused is asked for again.
 *
 * @returns the bytes received.
 */
export const slowAuditor = async (api: string, token: string, signal: AbortSignal): Promise<number> => {
  let received = 0;
  while (!signal.aborted) {
    const request = get(`${api}${API_PREFIX}/audit/events?order=asc`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/x-ndjson' },
      agent: false,
      signal,
    });
    request.on('error', () => undefined);
    try {
      const [answer] = (await once(request, 'response', { signal })) as [IncomingMessage];
      for await (const chunk of answer) {
        received += (chunk as Buffer).length;
        await sleep(PAUSE_MS, undefined, { signal });
      }
      if (answer.statusCode !== 200) await sleep(RETRY_MS, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return received;
};
