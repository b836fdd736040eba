import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execute } from '../../embedded/test/postgres.js';
import { PASSWORD, registerUser } from '../../faults/test/registerUser.js';
import { until } from '../../kit/test/until.js';
import { expectQuotes, shown } from './quotes.js';
import { requestUnknownMail } from './requestUnknownMail.js';
import { runPage } from './runPage.js';
import { type TrialService, trialService } from './trialService.js';

const TEST = 'infra/e2e/docs/runbooks.e2e.test.ts';
const EMAIL = 'ada@example.org';
let service: TrialService;
let token: string;

beforeAll(async () => {
  service = await trialService();
  token = await registerUser(service.call, service.inbox, EMAIL);
  await until(async () => (await readProfile()).status === 200);
}, 300_000);
afterEach(() => service.network.repair());

const readProfile = () => service.call('GET', '/user', { token });
const rename = () => service.call('PUT', '/user', { token, body: { name: `Ada ${performance.now()}` } });
const logIn = () => service.call('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD } });
const readiness = () => service.page('/health/ready');
const metrics = () => service.page('/metrics');
/** Statements as the owner of a database of the service. */
const sql = (database: string, text: string) =>
  execute(service.running.engines.postgres.replace(/postgres$/, database), text);

const runCommandsOf = (page: string) => runPage(service, page, TEST);

const expectRecovery = async () => {
  await service.network.repair();
  await until(async () => (await readiness()).startsWith('200'));
  await until(async () => (await rename()).status === 200);
  await until(async () => (await logIn()).status === 200);
  await until(async () => (await readProfile()).status === 200);
};

describe('an outage', () => {
  it('F-03 of the event log is what its runbook says', async () => {
    const page = 'docs/runbooks/log-down.md';
    await service.network.log.set('refuse');
    await expectQuotes(page, 'answer to a command', async () => shown(await rename()));
    await expectQuotes(page, 'readiness', readiness);
    await expectQuotes(page, 'log', service.log);
    await expectQuotes(page, 'metrics', metrics);
    expect((await readProfile()).status).toBe(200);
    const [printed] = await runCommandsOf(page);
    expect(printed).toContain('"command-api.log":"down"');
    expect(printed).toContain('ums_check_up{check="command-api.log"} 0');
    await expectRecovery();
  });

  it('F-03 of the vault is what its runbook says', async () => {
    const page = 'docs/runbooks/vault-down.md';
    await service.network.vault.set('refuse');
    await expectQuotes(page, 'answer to a command', async () => shown(await rename()));
    await expectQuotes(page, 'answer to a read', async () => shown(await readProfile()));
    await expectQuotes(page, 'readiness', readiness);
    await expectQuotes(page, 'log', service.log);
    await expectQuotes(page, 'metrics', metrics);
    expect(await runCommandsOf(page)).toEqual([expect.stringContaining('"command-api.vault":"down"')]);
    await expectRecovery();
  });

  it('F-03 F-16 of the disk is what its runbook says', async () => {
    const page = 'docs/runbooks/disk-full.md';
    await sql(
      'log',
      `create function refuse() returns trigger language plpgsql as
         $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
       create trigger full_disk before insert on log_event execute function refuse()`,
    );
    await expectQuotes(page, 'answer to a command', async () => shown(await rename()));
    await expectQuotes(page, 'log', service.log);
    await expectQuotes(page, 'metrics', metrics);
    expect((await readProfile()).status).toBe(200);
    await sql('log', 'drop trigger full_disk on log_event');
    await expectRecovery();
  });
});

describe('what is set aside', () => {
  it('F-15 is a user as its runbook says, who can be read again once the cause is repaired', async () => {
    const page = 'docs/runbooks/projection-parked.md';
    await sql('users', `alter table read.user_profile_v1 add constraint broken check (name not like 'Ada%') not valid`);
    expect((await rename()).status).toBe(200);
    await expectQuotes(page, 'answer to', async () => shown(await readProfile()));
    await expectQuotes(page, 'log', service.log);
    await expectQuotes(page, 'metrics', metrics);
    await sql('users', 'alter table read.user_profile_v1 drop constraint broken');
    const [listed, retried] = await runCommandsOf(page);
    expect(listed).toContain('sql 23514');
    expect(retried).toContain('user_profile_v1');
    await until(async () => (await readProfile()).status === 200);
  });

  it('F-22 is a mail as its runbook says, and a redrive delivers it again', async () => {
    const page = 'docs/runbooks/mail-dead-letters.md';
    await requestUnknownMail(service.running.engines.eventLog);
    await expectQuotes(page, 'log', service.log);
    await expectQuotes(page, 'metrics', metrics);
    const [listed, redriven] = await runCommandsOf(page);
    expect(listed).toMatch(/ {2}mail {2}refused {2}20/);
    expect(redriven).toContain('1 of 1 dead messages are delivered again.');
    expect((await rename()).status).toBe(200);
  });
});
