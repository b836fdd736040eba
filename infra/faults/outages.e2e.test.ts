import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { codeOf } from '@ums/kit/postgres/errors';
import { mailsTo } from '../e2e/test/inbox.js';
import { execute } from '../embedded/test/postgres.js';
import { faultRounds } from '../kit/test/faultRounds.js';
import { until } from '../kit/test/until.js';
import { type BrokenNetwork, brokenNetwork } from './test/brokenNetwork.js';
import { PASSWORD, registerUser, type TimedClient, timedClient } from './test/registerUser.js';

/** Maximum time until the 503 for a dependency that is down (F-03). */
const LONGEST_ANSWER_MS = 2_500;
/** How often each request is repeated during an outage, so that breakers open, queues fill and connections are replaced. */
const REPEATS = faultRounds({ usual: 1, full: 20 });
const EMAIL = 'ada@example.org';
/** Above what the repeated requests reach. */
const HIGH_LIMITS = {
  LIMIT_REQUESTS_PER_SOURCE: '100000',
  LIMIT_CHANGES_PER_USER: '100000',
  LIMIT_READS_PER_AUDITOR: '100000',
  LIMIT_MAILS_PER_ADDRESS_AND_SOURCE: '1000',
  LIMIT_MAILS_PER_ADDRESS: '1000',
  LIMIT_MAILS_PER_SOURCE: '1000',
};
let folder: string;
let running: RunningStart;
let network: BrokenNetwork;
let call: TimedClient;
let token: string;
let inbox: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-outages-'));
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: folder }),
    env: { PASSWORD_HASH: 'bcrypt:4', ...HIGH_LIMITS },
    logFor: () => silentLog,
    fsync: false,
    eventLoopDelayMs: () => 0,
    wrapEngines: async (engines) => {
      network = await brokenNetwork(engines);
      inbox = engines.inbox;
      return network.engines;
    },
    onFatal: (error) => {
      throw error;
    },
  });
  call = timedClient(running.api);
  token = await registerUser(call, inbox, EMAIL);
  await until(async () => (await readProfile()).status === 200);
}, 300_000);
afterEach(() => network.repair());
afterAll(async () => {
  await running.close();
  await network.close();
  await rm(folder, { recursive: true, force: true });
});

const readProfile = () => call('GET', '/user', { token });
const rename = () => call('PUT', '/user', { token, body: { name: `Ada ${performance.now()}` } });
const logIn = () => call('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD } });
const register = (email: string) =>
  call('POST', '/auth/register', { body: { email, name: 'Grace', password: PASSWORD } });
const readiness = async () => (await fetch(`${running.api}/health/ready`)).status;

/** A busy machine delays single answers a little, so a late one is asked for again. One that waits for two limits is later than this. */
const DELAYED_ANSWER_MS = 3_500;
const ATTEMPTS = 3;
const expectUnavailable = async (send: () => ReturnType<TimedClient>): Promise<void> => {
  let shortestMs = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && shortestMs > LONGEST_ANSWER_MS; attempt += 1) {
    const { status, json, headers, tookMs } = await send();
    expect([status, json.type, Number(headers.get('retry-after')) > 0]).toEqual([
      503,
      expect.stringMatching(/dependency-unavailable$/),
      true,
    ]);
    expect(tookMs).toBeLessThanOrEqual(DELAYED_ANSWER_MS);
    shortestMs = Math.min(shortestMs, tookMs);
  }
  expect(shortestMs).toBeLessThanOrEqual(LONGEST_ANSWER_MS);
};

/** Repairs the network and waits until everything works again without a restart. */
const expectRecovery = async () => {
  await network.repair();
  await until(async () => (await readiness()) === 200);
  await until(async () => (await rename()).status === 200);
  await until(async () => (await logIn()).status === 200);
  await until(async () => (await readProfile()).status === 200);
};

describe.each(['refuse', 'hang'] as const)('during an outage (proxy mode %s)', (mode) => {
  it('F-03 event log: commands get 503 in time, reads keep working', async () => {
    await network.log.set(mode);
    for (let round = 0; round < REPEATS; round++) {
      await Promise.all([
        expectUnavailable(rename),
        expectUnavailable(logIn),
        expectUnavailable(() => register('new@example.org')),
      ]);
      expect((await readProfile()).status).toBe(200);
    }
    await until(async () => (await readiness()) === 503);
    await expectRecovery();
  });

  it('F-03 vault: all requests that need it get 503 in time, and no token is accepted without a check', async () => {
    await network.vault.set(mode);
    for (let round = 0; round < REPEATS; round++) {
      await Promise.all([
        expectUnavailable(rename),
        expectUnavailable(logIn),
        expectUnavailable(() => register('new@example.org')),
      ]);
    }
    await Promise.all(Array.from({ length: 20 }, () => expectUnavailable(rename)));
    await Promise.all(Array.from({ length: 10 }, (_, n) => expectUnavailable(() => register(`new${n}@example.org`))));
    await until(async () => (await readProfile()).status === 503);
    await expectUnavailable(readProfile);
    await until(async () => (await readiness()) === 503);
    await expectRecovery();
  });

  it('F-03 read model: reads get 503 in time, commands keep working, and reads show their changes afterwards', async () => {
    await network.users.set(mode);
    await expectUnavailable(readProfile);
    expect((await logIn()).status).toBe(200);
    const renamed = await rename();
    expect(renamed.status).toBe(200);
    await expectUnavailable(readProfile);
    await network.repair();
    await until(async () => (await readProfile()).json?.revision === renamed.json.revision);
    await expectRecovery();
  });

  it('F-24 mailer: registration keeps working, and each mail is sent once afterwards', async () => {
    await network.mailer.set(mode);
    const emails = [1, 2, 3].map((n) => `${mode}${n}@example.org`);
    for (const email of emails) expect((await register(email)).status).toBe(202);
    expect((await rename()).status).toBe(200);
    await until(async () => (await readiness()) === 200);
    await until(async () => (await unsentMails()) >= emails.length);
    await network.repair();
    await expireLeases();
    for (const email of emails) await until(async () => (await mailsTo(inbox, email)).length === 1);
  });
});

const users = (sql: string) => execute(running.engines.postgres.replace(/postgres$/, 'users'), sql);
const unsentMails = async () =>
  Number((await users("select count(*) as n from notifier.mail where state <> 'sent'")).rows[0]?.n);
/** Ends the leases of mails whose delivery was interrupted, which otherwise last half a minute. */
const expireLeases = () => users("update notifier.mail set lease_until = now() where state <> 'sent'");

describe('while the Postgres processes are stopped', () => {
  it('F-16 requests get 503 in time, and work again once Postgres continues', async () => {
    const pids: number[] = [];
    try {
      await stopServer(pids);
      expect(pids.length).toBeGreaterThan(5);
      await Promise.all([
        expectUnavailable(rename),
        expectUnavailable(logIn),
        expectUnavailable(() => register('new@example.org')),
      ]);
      await until(async () => (await readProfile()).status === 503);
      await expectUnavailable(readProfile);
    } finally {
      for (const pid of pids) signalled(pid, 'SIGCONT');
    }
    await expectRecovery();
  });
});

/**
 * Stops the postmaster first, which makes no more children then, and all its children.
 * @param stopped gets the ids of the processes
 */
const stopServer = async (stopped: number[]): Promise<void> => {
  const [pid = ''] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  if (signalled(Number(pid), 'SIGSTOP')) stopped.push(Number(pid));
  const children = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', pid]);
  const ids = children.stdout.trim().split(/\s+/).map(Number);
  stopped.push(...ids.filter((id) => signalled(id, 'SIGSTOP')));
};

/** @returns false for a process that has ended, as a child does that served a connection */
const signalled = (pid: number, signal: 'SIGSTOP' | 'SIGCONT'): boolean => {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    throw error;
  }
};
