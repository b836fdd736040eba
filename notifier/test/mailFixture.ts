import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import { settledCheckpoint } from '@ums/identity/vault/settledVault';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { systemClock } from '@ums/kit/clock';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { testDatabase } from '../../infra/embedded/test/postgres.js';
import { memoryEventLog } from '../../infra/kit/test/memoryEventLog.js';
import { patientPool } from '../../infra/kit/test/patientPool.js';
import type { MailDeps } from '../src/mail/mailDefinition.js';
import { mailDispatcher } from '../src/mail/mailDispatcher.js';
import { mailRecords } from '../src/mail/mailRecords.js';
import { MAILS } from '../src/mails.js';
import { fakeMailer } from './fakeMailer.js';
import { recordFacts } from './recordFacts.js';

const pathOf = (relative: string): string => join(import.meta.dirname, relative);

interface MailRow {
  state: string;
  reason: string | null;
  attempts: number;
  resends: number;
  template: string;
}

/**
 * A vault, the schema of the notifier, an event log and a mailer, with functions that record facts as command-api does.
 *
 * @param writeTo another log to append the facts to.
 */
export const mailFixture = async ({ writeTo }: { writeTo?: EventLog } = {}) => {
  const database = await testDatabase('notifier');
  const { url } = database;
  await migrate({ url, dir: pathOf('../../command-api/migrations'), log: silentLog });
  await migrate({ url, dir: pathOf('../migrations'), schema: 'notifier', log: silentLog });
  const vault = patientPool(url);
  // Further than any log of a test: no command-api settles this vault.
  await settledCheckpoint.advance(vault, { position: 10n ** 15n, eventId: undefined, logId: randomUUID() });
  const secrets = { MASTER_KEY: randomBytes(32), ADDRESS_KEY: randomBytes(32), MAIL_TOKEN_KEY: randomBytes(32) };
  const master = masterKeys(secrets.MASTER_KEY);
  const addressKey = createSecretKey(secrets.ADDRESS_KEY);
  const eventLog = memoryEventLog();
  const mailer = fakeMailer();
  const counted: string[] = [];
  const deps: MailDeps = {
    eventLog,
    vault,
    keys: vaultDataKeys({ pool: vault, masterKeys: master, clock: systemClock }),
    addressKey,
    mailTokens: mailTokens(secrets.MAIL_TOKEN_KEY),
    // With a path, which every link must keep.
    publicUrl: 'https://users.example.org/ids',
    brand: { appName: 'Example Club' },
    records: mailRecords({ pool: vault, leaseMs: 60_000, sendTimeoutMs: 5_000 }),
    mailer,
    count: (result) => {
      counted.push(result);
    },
    log: silentLog,
  };
  const { handle } = mailDispatcher(MAILS, deps);
  return {
    ...deps,
    ...recordFacts({ vault, master, addressKey, eventLog: writeTo ?? eventLog }),
    secrets,
    url,
    eventLog,
    mailer,
    /** Results in the order they were counted. */
    counted,
    handle,
    /** `handle` with some dependencies replaced. */
    handleWith: (replaced: Partial<MailDeps>) => mailDispatcher(MAILS, { ...deps, ...replaced }).handle,
    expireLeases: () => vault.query(`update notifier.mail set lease_until = now() - interval '1 second'`),
    /** How long the leases still last. */
    leasesInSeconds: async () => {
      const { rows } = await vault.query<{ left: number }>(
        'select extract(epoch from lease_until - now())::float as left from notifier.mail',
      );
      return rows.map(({ left }) => left);
    },
    mailRows: async () =>
      (await vault.query<MailRow>('select state, reason, attempts, resends, template from notifier.mail order by at'))
        .rows,
    /** Empties everything but the log, for the next test. */
    clear: async () => {
      await vault.query('truncate data_key, registration, account, mail_request, farewell, mail_block cascade');
      await vault.query('truncate notifier.mail, notifier.checkpoint, notifier.dead_message');
      mailer.clear();
      counted.length = 0;
    },
    close: async () => {
      await vault.end();
      await database.drop();
    },
  };
};

export type MailFixture = Awaited<ReturnType<typeof mailFixture>>;
