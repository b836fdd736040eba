export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body when its type is JSON, else `undefined`. */
  // biome-ignore lint/suspicious/noExplicitAny: each test asserts the shape it uses
  json: any;
}

export interface RequestOptions {
  /** A string is sent as a form, FormData as multipart, any other value as JSON. */
  body?: unknown;
  token?: string | undefined;
  headers?: Record<string, string>;
}

/** Sends one HTTP request and resolves with the response, whatever its status. */
export const ask = async (
  url: string,
  method: string,
  { body, token, headers = {} }: RequestOptions = {},
): Promise<HttpAnswer> => {
  const isForm = body instanceof FormData;
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined || isForm ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' || isForm ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
};
