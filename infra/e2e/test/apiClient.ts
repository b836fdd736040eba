import { API_PREFIX } from '@ums/contracts/routes';
import { ask, type HttpAnswer, type RequestOptions } from '../../kit/test/ask.js';
import { type ApiDocument, apiDocument, type OpenApi } from './apiDocument.js';

/** A client that checks every answer against the OpenAPI document of the API. */
export interface ApiClient {
  document: ApiDocument;
  /** @throws Error when the answer does not match the document */
  ask(method: string, path: string, asked?: RequestOptions): Promise<HttpAnswer>;
  /** Statuses received, by operation. */
  statuses: ReadonlyMap<string, ReadonlySet<number>>;
}

/** @param base URL of the API @param documentAt URL of its OpenAPI document */
export const apiClient = async (base: string, documentAt = `${base}/openapi.json`): Promise<ApiClient> => {
  const document = apiDocument((await (await fetch(documentAt)).json()) as OpenApi);
  const statuses = new Map<string, Set<number>>();
  return {
    document,
    statuses,
    ask: async (method, path, asked) => {
      const answer = await ask(`${base}${API_PREFIX}${path}`, method, asked);
      const { pathname } = new URL(path, 'http://api');
      const { operation, mismatches } = document.check({ method, path: pathname, ...answer });
      if (mismatches.length > 0)
        throw new Error(`${method} ${pathname} answered ${answer.status}: ${mismatches.join(', ')}`);
      if (operation !== undefined) statuses.set(operation, (statuses.get(operation) ?? new Set()).add(answer.status));
      return answer;
    },
  };
};

/** The operations of which the client has not received both a success and an error. */
export const uncheckedOperations = ({ document, statuses }: ApiClient): string[] =>
  document.operations.filter((operation) => {
    const received = [...(statuses.get(operation) ?? [])];
    return !received.some((status) => status < 300) || !received.some((status) => status >= 400);
  });

/** The last part of a problem's `type`. */
export const slugOf = ({ json }: HttpAnswer): string | undefined => json?.type?.split('/').at(-1);
