import { API_PREFIX } from '@ums/contracts/routes';
import { ask, type HttpAnswer, type RequestOptions } from '../../../kit/test/ask.js';
import { linkOf, nthMail } from '../inbox.js';
import type { WholeService } from '../startWholeService.js';

const PASSWORD = 'analytical engine no. 1';

/** Registers a user, confirms and logs in. @returns the access token */
export const newUser = async ({ api, inbox }: WholeService, email: string): Promise<string> => {
  await request(api, 'POST', '/auth/register', { body: { email, password: PASSWORD, name: 'Name' } });
  const { token } = linkOf(await nthMail(inbox, email, 1));
  await request(api, 'POST', '/auth/confirm', { body: { token, password: PASSWORD } });
  return logIn(api, email);
};

/** @returns the access token */
export const logIn = async (api: string, email: string): Promise<string> =>
  (await request(api, 'POST', '/auth/login', { body: { email, password: PASSWORD } })).json.accessToken;

/** An answer that is not 2xx. */
class Refusal extends Error {
  constructor(
    readonly requestId: string | undefined,
    message: string,
  ) {
    super(message);
  }
}

/** @throws Refusal unless the answer is 2xx */
const request = async (api: string, method: string, path: string, asked: RequestOptions): Promise<HttpAnswer> => {
  const answer = await ask(`${api}${API_PREFIX}${path}`, method, asked);
  if (answer.status >= 300)
    throw new Refusal(answer.json?.requestId, `${method} ${path} answered ${answer.status}: ${answer.text}`);
  return answer;
};

/** What went wrong, and the id of the request if its answer was not 2xx. */
export interface LoadFailure {
  message: string;
  requestId?: string | undefined;
}

/** A load of reads and writes, with what went wrong and how much was done. */
export interface SteadyLoad {
  failures: LoadFailure[];
  writes: number;
  reads: number;
  /** Ends the load and waits until it has ended. */
  stop(): Promise<void>;
}

/**
 * Users rename themselves and read the result with the consistency token of the write. An administrator lists, searches and
 * counts all the while. A failure is an answer that is not 2xx, or a revision of a user that is lower than one seen before.
 */
export const steadyLoad = (api: string, users: readonly string[], administrator: string): SteadyLoad => {
  const load = { failures: [] as LoadFailure[], writes: 0, reads: 0 };
  const seen = new Map<string, number>();
  let isStopping = false;

  const see = (asker: string, { id, revision }: { id: string; revision: number }): void => {
    const key = `${asker} ${id}`;
    const before = seen.get(key) ?? -1;
    if (revision < before) load.failures.push({ message: `${asker} saw revision ${revision} after ${before}` });
    seen.set(key, Math.max(before, revision));
  };
  const repeat = async (work: () => Promise<void>): Promise<void> => {
    while (!isStopping)
      await work().catch((error: Error) => {
        load.failures.push({ message: error.message, ...(error instanceof Refusal && { requestId: error.requestId }) });
      });
  };
  const writeAndRead = (token: string, index: number) => async () => {
    const name = `Name ${load.writes++}`;
    const written = await request(api, 'PUT', '/user', { token, body: { name } });
    const seenUpTo = written.headers.get('x-consistency-token') ?? '';
    const { json } = await request(api, 'GET', '/user', { token, headers: { 'x-consistency-token': seenUpTo } });
    load.reads += 1;
    if (json.name !== name) load.failures.push({ message: `user ${index} did not see their own write` });
    see(`user ${index}`, json);
  };
  /** Each reader remembers what it saw itself: answers to parallel requests may overtake each other. */
  const readAll = (reader: string) => async (): Promise<void> => {
    for (const path of ['/users?limit=100', '/users?search=name&limit=100', '/users?role=user&limit=100']) {
      const { json } = await request(api, 'GET', path, { token: administrator });
      load.reads += 1;
      if (json.items.length < users.length) load.failures.push({ message: `${path} has ${json.items.length} users` });
      for (const item of json.items) see(reader, item);
    }
    const { json } = await request(api, 'GET', '/users/summary', { token: administrator });
    if (json.total !== users.length + 1) load.failures.push({ message: `the summary counts ${json.total} users` });
  };
  const running = [
    ...users.map((token, index) => repeat(writeAndRead(token, index))),
    repeat(readAll('reader 1')),
    repeat(readAll('reader 2')),
  ];
  return Object.assign(load, {
    stop: async () => {
      isStopping = true;
      await Promise.all(running);
    },
  });
};

/**
 * The failures without those that the log of the service blames on the vault or the event log. Commands on projections lock
 * nothing there, but where the disk or the processors of the machine stall for two seconds, requests get 503.
 */
export const causedByReads = (failures: readonly LoadFailure[], log: string): LoadFailure[] => {
  const lines = log.split('\n').filter((line) => /"dependency":"(vault|event log)"/.test(line));
  const stalled = new Set(lines.map((line) => JSON.parse(line).requestId as string));
  return failures.filter(({ requestId }) => requestId === undefined || !stalled.has(requestId));
};
