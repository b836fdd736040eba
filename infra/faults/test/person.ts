import { linkOf, nthMail } from '../../e2e/test/inbox.js';
import { type Answer, type Asked, ask } from '../../kit/test/ask.js';

export const PASSWORD = 'nine quiet boats at noon';

/** Calls to the API of a service, each timed. */
export const caller = (api: string) => async (method: string, path: string, asked?: Asked) => {
  const begin = performance.now();
  const answer: Answer = await ask(`${api}/api/v1${path}`, method, asked);
  return { ...answer, tookMs: performance.now() - begin };
};

export type Call = ReturnType<typeof caller>;

/** Registers, confirms by mail and logs in. @returns the access token. */
export const member = async (call: Call, inbox: string, email: string): Promise<string> => {
  await call('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password: PASSWORD } });
  const { token } = linkOf(await nthMail(inbox, email, 1));
  await call('POST', '/auth/confirm', { body: { token, password: PASSWORD } });
  const login = await call('POST', '/auth/login', { body: { email, password: PASSWORD } });
  return login.json.accessToken;
};
