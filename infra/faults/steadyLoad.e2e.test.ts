import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ConnectedEventLog, connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { silentLog } from '@ums/kit/log';
import { linkOf, type Mail } from '../e2e/test/inbox.js';
import { startWholeService, type WholeService } from '../e2e/test/startWholeService.js';
import { atEndOfFile, temporaryFolder } from '../engines/test/atEndOfFile.js';
import { faultRounds } from '../kit/test/faultRounds.js';
import { until } from '../kit/test/until.js';
import { PASSWORD, type TimedClient, timedClient } from './test/registerUser.js';

const SECONDS = faultRounds({ usual: 3, full: 60 });
/** Fewer than hash passwords and wait for it at once, so that no request is refused as `busy`. */
const PARALLEL = 6;
let running: WholeService;
let eventLog: ConnectedEventLog;
let call: TimedClient;

beforeAll(async () => {
  // In a process of its own: what it loads on first use would block for seconds when a test runner compiles it.
  running = await startWholeService(join(await temporaryFolder('ums-load-'), 'data'));
  atEndOfFile(() => running.process.end('SIGTERM'));
  call = timedClient(running.api);
  const { eventLog: url } = running.sources;
  eventLog = connectEventLog({ url, log: silentLog, readSilenceMs: 20_000 });
  atEndOfFile(() => eventLog.close());
}, 300_000);

/** The lines of the service's log that report a problem. */
const problems = (): string[] =>
  running.process
    .output()
    .out.split('\n')
    .filter((line) => /"level":"(warn|error|fatal)"/.test(line));

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
    expect(problems()).toEqual([]);
    expect(confirmed.flat().filter((status) => status !== 200)).toEqual([]);
    expect(loggedIn.filter((status) => status !== 401)).toEqual([]);
    expect(read.flat().filter((events) => events !== 0)).toEqual([]);
    expect(confirmed.length).toBeGreaterThan(0);
  }, 300_000);
});
