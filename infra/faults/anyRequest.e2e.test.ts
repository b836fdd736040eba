import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ROUTES } from '@ums/contracts/routes';
import { appoint } from '@ums/embedded/admin/appoint';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { createLog } from '@ums/kit/log';
import fc from 'fast-check';
import { type ApiClient, apiClient } from '../e2e/test/apiClient.js';
import { faultRounds } from '../kit/test/faultRounds.js';
import { anything } from './test/anything.js';
import { caller, member, PASSWORD } from './test/person.js';

const REQUESTS = faultRounds({ usual: 25, full: 10_000 });
const WIDE = Object.fromEntries(
  ['FAILURES_PER_ACCOUNT_AND_SOURCE', 'FAILURES_PER_ACCOUNT', 'FAILURES_PER_SOURCE', 'MAILS_PER_SOURCE'].map((name) => [
    `LIMIT_${name}`,
    '100000',
  ]),
);
const lines: string[] = [];
let folder: string;
let running: RunningStart;
let client: ApiClient;
let tokens: (string | undefined)[];
let ids: string[];
const bearers: string[] = [];

const loggedIn = async (who: string) => {
  const body = { email: `${who}@example.org`, password: PASSWORD };
  return (await caller(running.api)('POST', '/auth/login', { body })).json;
};

/** What each route takes: nobody is logged out or erased by it, since those after would be strangers all. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'post /auth/register': { email: 'new@example.org', name: 'New', password: PASSWORD },
  'post /auth/confirm': { token: 'x', password: PASSWORD },
  'post /auth/send': { email: 'ada@example.org' },
  'post /auth/login': { email: 'ada@example.org', password: PASSWORD },
  'post /auth/refresh': { refreshToken: 'x' },
  'put /user': { name: 'Ada King' },
  'delete /user': { password: 'not the password of anybody' },
  'post /users/{id}/suspension': { reason: 'Ticket 4711' },
  'delete /users/{id}/suspension': { reason: 'Ticket 4711' },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-any-'));
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: folder }),
    env: { PASSWORD_HASH: 'bcrypt:4', ...WIDE },
    logFor: (service) => createLog({ service, destination: { write: (line) => void lines.push(line) } }),
    fsync: false,
    onFatal: (error) => {
      throw error;
    },
  });
  client = await apiClient(running.api);
  const call = caller(running.api);
  await member(call, running.inbox, 'grace@example.org');
  await appoint(['grace@example.org'], { DATA_DIR: folder });
  await member(call, running.inbox, 'ada@example.org');
  await member(call, running.inbox, 'eve@example.org');
  ids = [(await loggedIn('eve')).user.id, (await loggedIn('grace')).user.id];
}, 60_000);
/** Anew for each route: at full counts all of them take longer than a token lives. */
beforeEach(async () => {
  tokens = [undefined, (await loggedIn('ada')).accessToken, (await loggedIn('grace')).accessToken];
  for (const token of tokens) if (token !== undefined) bearers.push(token);
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a request that nobody foresaw', () => {
  it.each(ROUTES)('I-01 and I-03 is answered as documented, and is no fault of ours: $method $path', async (route) => {
    const { method, path: template } = route;
    const callers = template === '/auth/logout' ? [undefined] : tokens;
    const body = BODIES[`${method} ${template}`] ?? {};
    await fc.assert(
      fc.asyncProperty(anything(route, { tokens: callers, body, ids }), async ({ path, asked }) => {
        const { status, json } = await client.ask(method.toUpperCase(), path, asked);
        expect([status, json?.type].join(' ')).not.toMatch(/^5(?!03 .*not-yet-visible)/);
      }),
      { numRuns: REQUESTS },
    );
  });

  it('came further than the door', () => {
    const statuses = new Set([...client.statuses.values()].flatMap((seen) => [...seen]));
    for (const status of [200, 202, 400, 401, 403]) expect(statuses).toContain(status);
  });

  it('L-02 leaves no password, address, name or token in the log', () => {
    const log = lines.join('');
    expect(lines.length).toBeGreaterThan(100);
    for (const secret of [PASSWORD, '@example.org', 'Lovelace', 'Ticket', ...bearers])
      expect(log).not.toContain(secret);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    expect(log).not.toContain('request failed');
  });
});
