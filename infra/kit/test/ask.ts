export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the body turns out to be; every test asserts what it uses
  json: any;
}

export interface Asked {
  /** A text goes as a browser's form, anything else as JSON. */
  body?: unknown;
  token?: string | undefined;
  headers?: Record<string, string>;
}

/** One request over HTTP and its answer, whatever its status. */
export const ask = async (url: string, method: string, { body, token, headers = {} }: Asked = {}): Promise<Answer> => {
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
};
