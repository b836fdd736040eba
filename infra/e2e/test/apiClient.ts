import { API_PREFIX } from '@ums/contracts/routes';
import { type Answer, type Asked, ask } from '../../kit/test/ask.js';
import { type ApiDocument, apiDocument, type OpenApi } from './apiDocument.js';

/** A client of the API that holds every answer it gets against the API's own document. */
export interface ApiClient {
  document: ApiDocument;
  /** @throws Error when the answer is not as documented. */
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  /** Statuses seen, by operation. */
  seen: ReadonlyMap<string, ReadonlySet<number>>;
}

/** @param base URL of the API; @param documentAt URL of its OpenAPI document, when something else serves it. */
export const apiClient = async (base: string, documentAt = `${base}/openapi.json`): Promise<ApiClient> => {
  const document = apiDocument((await (await fetch(documentAt)).json()) as OpenApi);
  const seen = new Map<string, Set<number>>();
  return {
    document,
    seen,
    ask: async (method, path, asked) => {
      const answer = await ask(`${base}${API_PREFIX}${path}`, method, asked);
      const { pathname } = new URL(path, 'http://api');
      const { operation, faults } = document.faultsOf({ method, path: pathname, ...answer });
      if (faults.length > 0) throw new Error(`${method} ${pathname} answered ${answer.status}: ${faults.join(', ')}`);
      if (operation !== undefined) seen.set(operation, (seen.get(operation) ?? new Set()).add(answer.status));
      return answer;
    },
  };
};

/** Of a problem: what a client may branch on. */
export const slugOf = ({ json }: Answer): string | undefined => json?.type?.split('/').at(-1);
