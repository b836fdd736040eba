import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appoint } from '@ums/commands/admin/appoint';
import { ROUTES } from '@ums/contracts/routes';
import { readConfig } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { type RunningStart, start } from '@ums/embedded/start';
import { createLog } from '@ums/kit/log';
import fc from 'fast-check';
import { PATIENT } from '../../command-api/test/testApi.js';
import { type ApiClient, apiClient } from '../e2e/test/apiClient.js';
import { warmUpPictures } from '../e2e/test/warmUpPictures.js';
import { execute } from '../embedded/test/postgres.js';
import { faultRounds } from '../kit/test/faultRounds.js';
import { randomRequest } from './test/randomRequest.js';
import { PASSWORD, registerUser, timedClient } from './test/registerUser.js';

const REQUESTS = faultRounds({ usual: 25, full: 10_000 });
const HIGH_LIMITS = Object.fromEntries(
  [
    'REQUESTS_PER_SOURCE',
    'CHANGES_PER_USER',
    'FAILURES_PER_ACCOUNT_AND_SOURCE',
    'FAILURES_PER_ACCOUNT',
    'FAILURES_PER_SOURCE',
    'MAILS_PER_SOURCE',
  ].map((name) => [`LIMIT_${name}`, '100000']),
);
/** As bytes: V8 keeps a concatenated string as a tree of its parts, and full counts make hundreds of thousands of lines. */
const lines: Buffer[] = [];
let folder: string;
let running: RunningStart;
let client: ApiClient;
let tokens: (string | undefined)[];
let ids: string[];
const bearers: string[] = [];

const logIn = async (name: string) => {
  const body = { email: `${name}@example.org`, password: PASSWORD };
  return (await timedClient(running.api)('POST', '/auth/login', { body })).json;
};

/** A body for each route. None logs out or erases a user: the tokens have to stay valid for the requests that follow. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'post /auth/register': { email: 'new@example.org', name: 'New', password: PASSWORD },
  'post /auth/confirm': { token: 'x', password: PASSWORD },
  'post /auth/send': { email: 'ada@example.org' },
  'post /auth/password-reset': { email: 'ada@example.org' },
  'post /auth/login': { email: 'ada@example.org', password: PASSWORD },
  'post /auth/refresh': { refreshToken: 'x' },
  'put /user': { name: 'Ada King' },
  'put /user/password': { password: 'not the right password', newPassword: 'nine quiet boats at noon' },
  'post /user/sessions/end': { password: 'not the right password' },
  'post /user/sessions/{id}/end': { password: 'not the right password' },
  'delete /user': { password: 'not the right password' },
  'post /user/erasure': { password: 'not the right password' },
  'put /users/{id}/roles': { roles: ['user'], reason: 'Ticket 4711', password: 'not the right password' },
  'post /users/{id}/suspension': { reason: 'Ticket 4711' },
  'delete /users/{id}/suspension': { reason: 'Ticket 4711' },
  'post /users/{id}/suspension/end': { reason: 'Ticket 4711' },
  'post /users/{id}/mail-block/end': { reason: 'Ticket 4711' },
  'post /users/{id}/erasure': { reason: 'Ticket 4711', password: 'not the right password' },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-any-'));
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: folder }),
    env: { PASSWORD_HASH: 'bcrypt:4', ...HIGH_LIMITS },
    logFor: (service) => createLog({ service, destination: { write: (line) => void lines.push(Buffer.from(line)) } }),
    fsync: false,
    eventLoopDelayMs: () => 0,
    requestTimeouts: PATIENT,
    onFatal: (error) => {
      throw error;
    },
  });
  client = await apiClient(running.api);
  const call = timedClient(running.api);
  await registerUser(call, running.inbox, 'grace@example.org');
  await appoint(['grace@example.org'], { DATA_DIR: folder });
  await registerUser(call, running.inbox, 'ada@example.org');
  await registerUser(call, running.inbox, 'eve@example.org');
  ids = [(await logIn('eve')).user.id, (await logIn('grace')).user.id];
  await warmUpPictures(running.api, PASSWORD);
}, 300_000);

/**
 * Gets new tokens for each route: with full counts the routes together take longer than a token is valid. Also deletes the
 * attempts: each check of a password counts them up to its limit, here 100,000, which would take longer than the requests.
 */
beforeEach(async () => {
  await execute((await readEngines(folder)).vault, 'delete from attempt');
  tokens = [undefined, (await logIn('ada')).accessToken, (await logIn('grace')).accessToken];
  for (const token of tokens) if (token !== undefined) bearers.push(token);
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a random request', () => {
  it.each(ROUTES)('I-01 and I-03 gets a documented answer and no 5xx: $method $path', async (route) => {
    const { method, path: template } = route;
    const callers = template === '/auth/logout' ? [undefined] : tokens;
    const body = BODIES[`${method} ${template}`] ?? {};
    await fc.assert(
      fc.asyncProperty(randomRequest(route, { tokens: callers, body, ids }), async ({ path, asked }) => {
        const { status, json } = await client.ask(method.toUpperCase(), path, asked);
        expect([status, json?.type].join(' ')).not.toMatch(/^5(?!03 .*(not-yet-visible|not-signed-yet))/);
      }),
      { numRuns: REQUESTS },
    );
  });

  it('gets past the first check often enough to reach all kinds of answers', () => {
    const statuses = new Set([...client.statuses.values()].flatMap((seen) => [...seen]));
    for (const status of [200, 202, 400, 401, 403]) expect(statuses).toContain(status);
  });

  it('L-02 leaves no password, address, name or token in the log', () => {
    const log = Buffer.concat(lines).toString();
    expect(lines.length).toBeGreaterThan(100);
    for (const secret of [PASSWORD, '@example.org', 'Lovelace', 'Ticket', ...bearers])
      expect(log).not.toContain(secret);
    for (const line of lines) expect(() => JSON.parse(line.toString())).not.toThrow();
    expect(log).not.toContain('request failed');
  });
});
