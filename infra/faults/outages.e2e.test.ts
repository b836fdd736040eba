import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { mailsTo } from '../e2e/test/inbox.js';
import { execute } from '../embedded/test/postgres.js';
import { faultRounds } from '../kit/test/faultRounds.js';
import { until } from '../kit/test/until.js';
import { type BrokenNetwork, brokenNetwork } from './test/brokenNetwork.js';
import { type Call, caller, member, PASSWORD } from './test/person.js';

/** Of an answer that says a dependency is down. */
const PATIENCE_MS = 2_500;
/** How often in a row each fault is met: breakers open, queues stand, connections are replaced. */
const TIMES = faultRounds({ usual: 1, full: 20 });
const EMAIL = 'ada@example.org';
let folder: string;
let running: RunningStart;
let network: BrokenNetwork;
let call: Call;
let token: string;
let inbox: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-outages-'));
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: folder }),
    env: { PASSWORD_HASH: 'bcrypt:4', LIMIT_MAILS_PER_SOURCE: '1000' },
    logFor: () => silentLog,
    fsync: false,
    wrapEngines: async (engines) => {
      network = await brokenNetwork(engines);
      inbox = engines.inbox;
      return network.engines;
    },
    onFatal: (error) => {
      throw error;
    },
  });
  call = caller(running.api);
  token = await member(call, inbox, EMAIL);
  await until(async () => (await me()).status === 200);
}, 60_000);
afterEach(() => network.heal());
afterAll(async () => {
  await running.close();
  await network.close();
  await rm(folder, { recursive: true, force: true });
});

const me = () => call('GET', '/user', { token });
const rename = () => call('PUT', '/user', { token, body: { name: `Ada ${performance.now()}` } });
const logIn = () => call('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD } });
const register = (email: string) =>
  call('POST', '/auth/register', { body: { email, name: 'Grace', password: PASSWORD } });
const ready = async () => (await fetch(`${running.api}/health/ready`)).status;

const unavailable = async (asking: Promise<Awaited<ReturnType<Call>>>) => {
  const { status, json, headers, tookMs } = await asking;
  expect([status, json.type, Number(headers.get('retry-after')) > 0]).toEqual([
    503,
    expect.stringMatching(/dependency-unavailable$/),
    true,
  ]);
  expect(tookMs).toBeLessThanOrEqual(PATIENCE_MS);
};

/** Nothing was restarted, and everything works. */
const recovered = async () => {
  await network.heal();
  await until(async () => (await ready()) === 200);
  await until(async () => (await rename()).status === 200);
  await until(async () => (await logIn()).status === 200);
  await until(async () => (await me()).status === 200);
};

describe.each(['refuse', 'hang'] as const)('while it is made to %s', (mode) => {
  it('F-03 the log: commands answer 503 in time, reads go on', async () => {
    await network.log.set(mode);
    for (let again = 0; again < TIMES; again++) {
      await Promise.all([unavailable(rename()), unavailable(logIn()), unavailable(register('new@example.org'))]);
      expect((await me()).status).toBe(200);
    }
    expect(await ready()).toBe(503);
    await recovered();
  });

  it('F-03 the vault: whatever needs it answers 503 in time, and no token is taken blindly', async () => {
    await network.vault.set(mode);
    for (let again = 0; again < TIMES; again++) {
      await Promise.all([unavailable(rename()), unavailable(logIn()), unavailable(register('new@example.org'))]);
    }
    await Promise.all(Array.from({ length: 20 }, () => unavailable(rename())));
    await Promise.all(Array.from({ length: 10 }, (_, n) => unavailable(register(`new${n}@example.org`))));
    await until(async () => (await me()).status === 503);
    await unavailable(me());
    expect(await ready()).toBe(503);
    await recovered();
  });

  it('F-03 the read model: reads answer 503 in time, commands go on, and nothing is missing afterwards', async () => {
    await network.users.set(mode);
    await unavailable(me());
    expect((await logIn()).status).toBe(200);
    const renamed = await rename();
    expect(renamed.status).toBe(200);
    await unavailable(me());
    await network.heal();
    await until(async () => (await me()).json?.revision === renamed.json.revision);
    await recovered();
  });

  it('F-24 the mailer: registration goes on, and each mail comes once, later', async () => {
    await network.mailer.set(mode);
    const emails = [1, 2, 3].map((n) => `${mode}${n}@example.org`);
    for (const email of emails) expect((await register(email)).status).toBe(202);
    expect((await rename()).status).toBe(200);
    await until(async () => (await ready()) === 200);
    await until(async () => (await mailsBegun()) >= emails.length);
    await network.heal();
    await leasesEnd();
    for (const email of emails) await until(async () => (await mailsTo(inbox, email)).length === 1);
  });
});

const users = (sql: string) => execute(running.engines.postgres.replace(/postgres$/, 'users'), sql);
const mailsBegun = async () =>
  Number((await users("select count(*) as n from notifier.mail where state <> 'sent'")).rows[0]?.n);
/** What a crash or a silence leaves behind is taken up only then, half a minute later. */
const leasesEnd = () => users("update notifier.mail set lease_until = now() where state <> 'sent'");

describe('while Postgres is stopped', () => {
  it('F-16 everything answers 503 in time, and works again once it goes on', async () => {
    const pids = await serverProcesses();
    expect(pids.length).toBeGreaterThan(5);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      await Promise.all([unavailable(rename()), unavailable(logIn()), unavailable(register('new@example.org'))]);
      await until(async () => (await me()).status === 503);
      await unavailable(me());
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    await recovered();
  });
});

/** Postmaster, its helpers and a backend for each connection. */
const serverProcesses = async (): Promise<number[]> => {
  const [pid = ''] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  const children = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', pid]);
  return [pid, ...children.stdout.trim().split(/\s+/)].map(Number);
};
