import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';
import { sweepMailRecords } from './sweepMailRecords.js';

describe('mail records', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  afterAll(() => fixture.close());

  it('F-24 are deleted 30 days after the mail, also after a failed sweep', async () => {
    for (const email of ['old@example.org', 'new@example.org'])
      await fixture.handle((await fixture.register({ email })).message);
    await fixture.vault.query(
      `update notifier.mail set at = now() - interval '31 days' where at = (select min(at) from notifier.mail)`,
    );
    await fixture.vault.query('alter table notifier.mail rename to mail_moved');
    let failures = 0;
    const log = { ...silentLog, warn: () => void failures++ };

    const sweeper = sweepMailRecords(fixture.vault, log, 5);
    await until(() => failures > 0);
    await fixture.vault.query('alter table notifier.mail_moved rename to mail');
    await until(async () => (await fixture.mailRows()).length === 1);
    await sweeper.stop();

    expect(failures).toBeGreaterThan(0);
  });
});
