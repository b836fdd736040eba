import { join } from 'node:path';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import { vaultDataKeys } from '@ums/identity/vault/dataKeys';
import { openVaultReader } from '@ums/identity/vault/openVaultReader';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { Log } from '@ums/kit/log';
import { eventLogSource } from '@ums/kit/message-source/eventLogSource';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import type { RunningService } from '@ums/kit/readiness';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import type { NotifierConfig } from './config.js';
import { countMail } from './mail/mailCount.js';
import { mailRecords } from './mail/mailRecord.js';
import { sesMailer } from './mail/sesMailer.js';
import { sweepMailRecords } from './mail/sweepMailRecords.js';
import { handleMail, MAILED_TYPES } from './mails.js';
import { notifierReadiness } from './notifierReadiness.js';

const VAULT_TABLES = [
  ...(['data_key', 'registration', 'address', 'account', 'mail_request', 'farewell'] as const),
  ...(['log_identity', 'secret_check'] as const),
];
const MIGRATIONS = join(import.meta.dirname, '..', 'migrations');
/** Less than the lease, with room for what is done before and after. */
const SES_TIMEOUT_MS = 5_000;
const LEASE_MS = 30_000;
const MAILS_AT_ONCE = 8;

/**
 * Facts to mails: follows the log and hands SES one mail for each fact that causes one, or stands by while another
 * instance does. What ends the consumption later (the log was exchanged) is an unhandled rejection, so fatal.
 *
 * @throws StartRefused for a foreign log or a wrong secret; what an unreachable dependency throws.
 */
export const startNotifier = async (
  config: NotifierConfig,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<RunningService> => {
  const { onClose, close } = closers();
  try {
    const url = config.DATABASE_URL;
    await migrate({ url, dir: MIGRATIONS, schema: 'notifier', log });
    const pool = createPool({ url, applicationName: 'notifier', log });
    onClose(() => pool.end());
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(() => eventLog.close());
    const logId = await logIdentity(eventLog);
    const { MASTER_KEY, ADDRESS_KEY, MAIL_TOKEN_KEY } = config;
    const vault = await openVaultReader({
      ...{ url: config.VAULT_DATABASE_URL, applicationName: 'notifier', log, logId },
      tables: VAULT_TABLES,
      secrets: { MASTER_KEY, ADDRESS_KEY, MAIL_TOKEN_KEY },
    });
    onClose(() => vault.end());
    const mailer = sesMailer(sesOptions(config));
    onClose(() => mailer.close());
    const sweeper = sweepMailRecords(pool, log);
    onClose(() => sweeper.stop());

    const deps = {
      eventLog,
      vault,
      keys: vaultDataKeys({ pool: vault, masterKeys: masterKeys(config.MASTER_KEY), clock }),
      addressKey: config.ADDRESS_KEY,
      mailTokens: mailTokens(config.MAIL_TOKEN_KEY),
      publicUrl: config.PUBLIC_URL,
      records: mailRecords({ pool, leaseMs: LEASE_MS, sendMs: SES_TIMEOUT_MS }),
      mailer,
      count: countMail,
      log,
    };
    const source = eventLogSource({ eventLog, logId, pool, url, schema: 'notifier', log });
    const stopping = new AbortController();
    const consumer = { name: 'mail', types: MAILED_TYPES, lanes: MAILS_AT_ONCE, handle: handleMail(deps) };
    const checkpoint = checkpointStore('notifier.checkpoint', consumer.name);
    const { finished } = await source.consume({ ...consumer, signal: stopping.signal });
    onClose(async () => {
      stopping.abort();
      await finished;
    });
    return { close, readiness: notifierReadiness({ pool, vault, eventLog, checkpoint }) };
  } catch (error) {
    await close();
    throw error;
  }
};

const sesOptions = (config: NotifierConfig) => ({
  endpoint: config.SES_ENDPOINT,
  region: config.AWS_REGION,
  credentials:
    config.SES_ENDPOINT !== undefined && config.AWS_ACCESS_KEY_ID === undefined
      ? { accessKeyId: 'none', secretAccessKey: 'none' }
      : undefined,
  from: config.MAIL_FROM,
  timeoutMs: SES_TIMEOUT_MS,
});
