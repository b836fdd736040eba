import { linkOf, nthMail } from '../../e2e/test/inbox.js';
import { ask, type HttpAnswer, type RequestOptions } from '../../kit/test/ask.js';
import { whileAwake } from '../../kit/test/awakeTime.js';

export const PASSWORD = 'nine quiet boats at noon';

/** Sends requests to the API of a service and measures the time until the answer, without pauses of this process. */
export const timedClient = (api: string) => async (method: string, path: string, asked?: RequestOptions) => {
  const send = (): Promise<HttpAnswer> => ask(`${api}/api/v1${path}`, method, asked);
  const { result, tookMs } = await whileAwake(send);
  return { ...result, tookMs };
};

export type TimedClient = ReturnType<typeof timedClient>;

/** Registers, confirms and logs in a user. @returns the access token */
export const registerUser = async (call: TimedClient, inbox: string, email: string): Promise<string> => {
  await call('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password: PASSWORD } });
  const { token } = linkOf(await nthMail(inbox, email, 1));
  await call('POST', '/auth/confirm', { body: { token, password: PASSWORD } });
  const login = await call('POST', '/auth/login', { body: { email, password: PASSWORD } });
  return login.json.accessToken;
};
