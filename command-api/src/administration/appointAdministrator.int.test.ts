import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { suspend, type TestAdministration, testAdministration } from '../../test/testAdministration.js';
import { accountOfUser, appendedEvents } from '../../test/testCommands.js';
import { countOtherAdministrators } from '../account/accountRow.js';
import { withAdministratorLock } from './administratorLock.js';
import { appointAdministrator } from './appointAdministrator.js';

let administration: TestAdministration;
beforeEach(async () => {
  administration = await testAdministration();
});
afterEach(() => administration.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

describe('appointAdministrator', () => {
  it('A-07 appoints a confirmed user while there is no administrator, and refuses a second one', async () => {
    const { deps, ada } = administration;
    await appointAdministrator(deps, 'ADA@example.org');
    expect(await accountOfUser(deps, ada)).toMatchObject({ roles: ['user', 'admin'], epoch: '1' });
    await expect(appointAdministrator(deps, 'bob@example.org')).rejects.toEqual(refusal('administrator-exists'));
  });

  it('A-07 appoints one administrator when called concurrently', async () => {
    const { deps } = administration;
    const emails = Array.from({ length: 10 }, (_, index) => (index % 2 ? 'ada@example.org' : 'bob@example.org'));
    const results = await Promise.allSettled(emails.map((email) => appointAdministrator(deps, email)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(appendedEvents(deps).filter((event) => event === 'user RoleGranted')).toHaveLength(1);
  });

  it('refuses a suspended user, an unknown address and an invalid one with not-found', async () => {
    const { deps, ada, bob } = administration;
    await suspend(deps, ada, bob);
    for (const email of ['bob@example.org', 'unknown@example.org', 'no address'])
      await expect(appointAdministrator(deps, email)).rejects.toEqual(refusal('not-found'));
  });

  it('A-07 sees an administrator whose appointment no command has settled, without a reconciler', async () => {
    const { deps, ada, reconciler } = administration;
    await reconciler.close();
    await appointAdministrator(deps, 'ada@example.org');
    await deps.vault.query(`update account set roles = '{user}', revision = 0, epoch = 0 where user_id = $1`, [ada]);
    await expect(appointAdministrator(deps, 'bob@example.org')).rejects.toEqual(refusal('administrator-exists'));
    expect(await accountOfUser(deps, ada)).toMatchObject({ roles: ['user', 'admin'], epoch: '1' });
  });
});

describe('the administrator lock', () => {
  it('refuses with busy if it is taken for two seconds', async () => {
    const { deps, ada } = administration;
    let release = (): void => undefined;
    let holding: Promise<void> = Promise.resolve();
    await new Promise<void>((locked) => {
      holding = withAdministratorLock(deps, () => {
        locked();
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      });
    });
    await expect(appointAdministrator(deps, 'ada@example.org')).rejects.toEqual(refusal('busy'));
    release();
    await holding;
    await expect(appointAdministrator(deps, 'ada@example.org')).resolves.toMatchObject({ userId: ada });
  });

  it('is kept for longer than other transactions may idle, since the log may be slow', async () => {
    const { deps, ada } = administration;
    const idleTimeoutMs = 2_000;
    const vault = new pg.Pool({
      connectionString: deps.url,
      idle_in_transaction_session_timeout: idleTimeoutMs,
    });
    const counted = withAdministratorLock({ ...deps, vault }, async (tx) => {
      await sleep(idleTimeoutMs * 2);
      return countOtherAdministrators(tx, ada);
    });
    await expect(counted).resolves.toBe(0);
    await vault.end();
  });
});
