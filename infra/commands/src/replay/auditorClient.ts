import { API_PREFIX } from '@ums/contracts/routes';
import { StartRefused } from '@ums/kit/startRefused';
import { Interruption } from './interruption.js';
import { refusalOf } from './refusalOf.js';
import type { ReplaySettings } from './replaySettings.js';

/** Reads of the query API with an auditor's token. It can do nothing else. */
export interface AuditorClient {
  /** @throws Interruption, StartRefused */
  json<T>(path: string, query: Query): Promise<T>;
  /** The lines of a stream, in the groups in which they arrive. @throws Interruption when it is cut; StartRefused */
  lines(path: string, query: Query): AsyncGenerator<string[], void, void>;
}

type Query = Readonly<Record<string, string | undefined>>;

export const auditorClient = ({ api, token }: ReplaySettings, signal: AbortSignal): AuditorClient => {
  const get = async (path: string, query: Query, accept: string): Promise<Response> => {
    const url = new URL(`${api}${API_PREFIX}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const headers = { accept, authorization: `Bearer ${token}` };
    // A redirect would show the token to a host that the operator has not named.
    const response = await fetch(url, { headers, redirect: 'manual', signal }).catch(lost);
    if (!response.ok) throw await refusalOf(response, path);
    if (response.headers.get('content-type')?.split(';')[0] === accept) return response;
    await response.body?.cancel();
    throw new StartRefused('The answer is not that of this API; look at API_URL.');
  };
  return {
    json: async <T>(path: string, query: Query) =>
      JSON.parse(await (await get(path, query, 'application/json')).text().catch(lost)) as T,
    lines: async function* (path, query) {
      const { body } = await get(path, query, 'application/x-ndjson');
      const decoder = new TextDecoder();
      let rest = '';
      try {
        for await (const chunk of body ?? []) {
          const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
          rest = lines.pop() ?? '';
          if (lines.length > 0) yield lines;
        }
      } catch {
        throw interrupted();
      }
      if (rest !== '') throw interrupted();
    },
  };
};

const interrupted = (): Interruption => new Interruption('The connection to the service failed.');

const lost = (): never => {
  throw interrupted();
};
