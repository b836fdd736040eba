import { setTimeout as sleep } from 'node:timers/promises';
import { API_PREFIX } from '@ums/contracts/routes';

export interface Asked {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  headers: Headers;
  body: unknown;
}

const ATTEMPTS = 20;

/**
 * Sends a request to the API, and again after a 503, once its `Retry-After` has passed, as clients do. What that takes counts.
 * @throws Error unless the status is 2xx: errors are cheap and would improve the figures
 */
export const ask = async (
  api: string,
  method: string,
  path: string,
  asked: Asked = {},
  attempts = ATTEMPTS,
): Promise<Answer> => {
  const { body, token, headers } = asked;
  const response = await fetch(`${api}${API_PREFIX}${path}`, {
    method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (response.status === 503 && attempts > 1) {
    await sleep(Number(response.headers.get('retry-after') ?? 1) * 1_000);
    return ask(api, method, path, asked, attempts - 1);
  }
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}, expected 2xx`);
  return { headers: response.headers, body: answer === '' ? undefined : JSON.parse(answer) };
};
