import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONSISTENCY_HEADER, parseConsistencyToken } from '@ums/contracts/consistencyToken';
import { runParallel } from '../load/runParallel.js';
import { ask } from './ask.js';
import { type MeasuredService, waitForProgress } from './measuredService.js';

export interface NewUser {
  email: string;
  name: string;
  password: string;
}

export interface TestUser extends NewUser {
  accessToken: string;
}

/** The password of every test user. */
export const PASSWORD = 'nine quiet boats at noon';

/** The service runs two hashes at a time; more parallel requests would only wait. */
export const PARALLEL_REQUESTS = 2;

/** The inbox keeps the newest thousand mails. */
const MAILS_AT_ONCE = 500;

/** A user who is not registered yet. */
export const newUser = (): NewUser => ({
  email: `${randomUUID()}@example.org`,
  name: 'Ada Lovelace',
  password: PASSWORD,
});

/** Registers, confirms and logs in users. */
export const createTestUsers = async (service: MeasuredService, count: number): Promise<TestUser[]> => {
  const users = Array.from({ length: count }, newUser);
  for (let start = 0; start < count; start += MAILS_AT_ONCE) {
    const part = users.slice(start, start + MAILS_AT_ONCE);
    await registerAll(service, part);
    await confirmAll(service, part, await tokensByAddress(service));
  }
  const loggedIn: TestUser[] = [];
  await forEachUser(users, PARALLEL_REQUESTS, async (user) => {
    loggedIn.push({ ...user, accessToken: await logIn(service, user) });
  });
  return loggedIn;
};

/** Registers users and waits until their mails are sent. */
export const registerAll = async (
  service: MeasuredService,
  users: readonly NewUser[],
  lanes = PARALLEL_REQUESTS,
): Promise<void> => {
  const { mails } = await service.progress();
  await forEachUser(users, lanes, (user) => ask(service.api, 'POST', '/auth/register', { body: user }));
  await waitForProgress(service, { mails: mails + users.length });
};

/** Confirms users with the tokens of their mails and waits until they can be read. */
export const confirmAll = async (
  service: MeasuredService,
  users: readonly NewUser[],
  tokens: ReadonlyMap<string, string>,
  lanes = PARALLEL_REQUESTS,
): Promise<void> => {
  let last = -1n;
  await forEachUser(users, lanes, async ({ email, password }) => {
    const { headers } = await ask(service.api, 'POST', '/auth/confirm', {
      body: { token: tokens.get(email), password },
    });
    const position = parseConsistencyToken(headers.get(CONSISTENCY_HEADER) ?? '')?.position ?? -1n;
    if (position > last) last = position;
  });
  await waitForProgress(service, { position: last });
};

const forEachUser = (
  users: readonly NewUser[],
  lanes: number,
  work: (user: NewUser) => Promise<unknown>,
): Promise<void> => runParallel({ count: users.length, lanes }, (index) => work(users[index] as NewUser));

/** @returns an access token */
export const logIn = async ({ api }: Pick<MeasuredService, 'api'>, { email, password }: NewUser): Promise<string> => {
  const { body } = await ask(api, 'POST', '/auth/login', { body: { email, password } });
  return (body as { accessToken: string }).accessToken;
};

interface Inbox {
  emails: { destination: { to: string[] }; body: { text: string } }[];
}

const POLL_MS = 50;
const LONGEST_MAIL_MS = 30_000;

/** The token of the confirmation mail to this address, once it is there. @throws Error when that takes too long */
export const untilMailed = async (inbox: string, email: string): Promise<string> => {
  for (const end = performance.now() + LONGEST_MAIL_MS; ; await sleep(POLL_MS)) {
    const token = (await tokensByAddress({ inbox })).get(email);
    if (token !== undefined) return token;
    if (performance.now() > end) throw new Error('the confirmation mail did not arrive');
  }
};

/** Tokens of the confirmation mails in the inbox. */
export const tokensByAddress = async ({ inbox }: Pick<MeasuredService, 'inbox'>): Promise<Map<string, string>> => {
  const { emails } = (await (await fetch(`${inbox}/store`)).json()) as Inbox;
  return new Map(
    emails.flatMap(({ destination, body }) => {
      const token = /[?&]token=(\S+)/.exec(body.text)?.[1];
      const [to] = destination.to;
      return token === undefined || to === undefined ? [] : [[to, decodeURIComponent(token)] as const];
    }),
  );
};
