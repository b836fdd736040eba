import { API_PREFIX } from '@ums/contracts/routes';

export interface Asked {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
  /** Asks again while the answer is 503, as `Retry-After` tells a client to. @default false */
  untilAvailable?: boolean;
}

export interface Answer {
  headers: Headers;
  body: unknown;
}

/** Sends a request to the API. @throws Error unless the status is 2xx: errors are cheap and would improve the figures */
export const ask = async (api: string, method: string, path: string, asked: Asked = {}): Promise<Answer> => {
  const { body, token, headers, untilAvailable = false } = asked;
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
  if (response.status === 503 && untilAvailable) return ask(api, method, path, asked);
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}, expected 2xx`);
  return { headers: response.headers, body: answer === '' ? undefined : JSON.parse(answer) };
};
