import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { type RunningStart, start } from '@ums/embedded/start';
import { type ConnectedEventLog, connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { createLog, silentLog } from '@ums/kit/log';
import { linkOf, type Mail } from '../e2e/test/inbox.js';
import { faultRounds } from '../kit/test/faultRounds.js';
import { until } from '../kit/test/until.js';
import { PASSWORD, type TimedClient, timedClient } from './test/registerUser.js';

const SECONDS = faultRounds({ usual: 3, full: 60 });
/** Fewer than hash passwords and wait for it at once, so that no request is refused as `busy`. */
const PARALLEL = 6;
const HIGH_LIMITS = Object.fromEntries(
  ['FAILURES_PER_SOURCE', 'MAILS_PER_SOURCE', 'REQUESTS_PER_SOURCE'].map((name) => [`LIMIT_${name}`, '100000']),
);
const lines: string[] = [];
let folder: string;
let running: RunningStart;
let eventLog: ConnectedEventLog;
let call: TimedClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-load-'));
  running = await start({
    config: readConfig({ PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0', DATA_DIR: folder }),
    env: { PASSWORD_HASH: 'bcrypt:4', ...HIGH_LIMITS },
    logFor: (service) => createLog({ service, level: 'warn', destination: { write: (line) => void lines.push(line) } }),
    fsync: false,
    onFatal: (error) => {
      throw error;
    },
  });
  call = timedClient(running.api);
  eventLog = connectEventLog({ url: running.engines.eventLog, log: silentLog, readSilenceMs: 20_000 });
}, 60_000);
afterAll(async () => {
  await eventLog.close();
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

/** Registers and confirms users, several at once. @returns the statuses of the confirmations */
const confirmations = async (round: number): Promise<number[]> => {
  const emails = Array.from({ length: PARALLEL }, (_, index) => `load-${round}-${index}@example.org`);
  const since = Math.floor(Date.now() / 1_000) - 1;
  await Promise.all(
    emails.map((email) => call('POST', '/auth/register', { body: { email, name: 'Ada', password: PASSWORD } })),
  );
  let mails: (Mail | undefined)[] = [];
  await until(async () => {
    const answer = await fetch(`${running.inbox}/store?since=${since}`);
    const found = ((await answer.json()) as { emails: Mail[] }).emails;
    mails = emails.map((email) => found.find(({ destination }) => destination.to.includes(email)));
    return !mails.includes(undefined);
  });
  const tokens = mails.map((mail) => linkOf(mail as Mail).token);
  const answers = tokens.map((token) => call('POST', '/auth/confirm', { body: { token, password: PASSWORD } }));
  return (await Promise.all(answers)).map(({ status }) => status);
};

const unknownLogIn = async (round: number): Promise<number> =>
  (await call('POST', '/auth/login', { body: { email: `unknown-${round}@example.org`, password: PASSWORD } })).status;

const absentRead = async (): Promise<number> => (await eventLog.readStream(`user-${randomUUID()}`)).length;

describe('a steady load', () => {
  it(`F-03 of confirmations, unknown log-ins and reads of absent streams has no error in ${SECONDS} s`, async () => {
    const end = performance.now() + SECONDS * 1_000;
    const repeated = async <T>(work: (round: number) => Promise<T>): Promise<T[]> => {
      const results: T[] = [];
      while (performance.now() < end) results.push(await work(results.length));
      return results;
    };
    const [confirmed, loggedIn, ...read] = await Promise.all([
      repeated(confirmations),
      repeated(unknownLogIn),
      ...Array.from({ length: 20 }, () => repeated(absentRead)),
    ]);
    // First, because a line says which dependency an error was due to.
    expect(lines).toEqual([]);
    expect(confirmed.flat().filter((status) => status !== 200)).toEqual([]);
    expect(loggedIn.filter((status) => status !== 401)).toEqual([]);
    expect(read.flat().filter((events) => events !== 0)).toEqual([]);
    expect(confirmed.length).toBeGreaterThan(0);
  }, 120_000);
});
