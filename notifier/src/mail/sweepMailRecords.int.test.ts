import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { type MailWorld, mailWorld } from '../../test/mailWorld.js';
import { sweepMailRecords } from './sweepMailRecords.js';

describe('old mail records', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await mailWorld();
  });
  afterAll(() => world.close());

  it('F-24 go a month after the mail, longer than any best-before, also after a sweep that failed', async () => {
    for (const email of ['old@example.org', 'new@example.org'])
      await world.handle((await world.register({ email })).message);
    await world.vault.query(
      `update notifier.mail set at = now() - interval '31 days' where at = (select min(at) from notifier.mail)`,
    );
    await world.vault.query('alter table notifier.mail rename to away');
    let failures = 0;
    const log = { ...silentLog, warn: () => void failures++ };

    const sweeper = sweepMailRecords(world.vault, log, 5);
    await until(() => failures > 0);
    await world.vault.query('alter table notifier.away rename to mail');
    await until(async () => (await world.mails()).length === 1);
    await sweeper.stop();

    expect(failures).toBeGreaterThan(0);
  });
});
