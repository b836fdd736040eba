import { createSecretKey } from 'node:crypto';
import { configuredMasterKeys } from '@ums/identity/vault/masterKeySettings';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import { codeOf, isLoginRejected, isUnavailable } from '@ums/kit/postgres/errors';
import { Refused } from '@ums/kit/refused';
import { StartRefused } from '@ums/kit/startRefused';
import { appointAdministrator } from './administration/appointAdministrator.js';
import { type AdminConfig, vaultSecrets } from './config.js';
import { joinVault } from './joinVault.js';

/** Messages for the operator's terminal, by the slug of the refusal. */
const REFUSALS: Readonly<Record<string, string>> = {
  'administrator-exists': 'There is an active administrator already.',
  'not-found': 'No active user has confirmed this address.',
  busy: 'Another change of administrators is in progress; try again.',
};

/** SQLSTATE `undefined_table`: the service has never started on this database. */
const UNDEFINED_TABLE = '42P01';

/**
 * Appoints the first administrator. The vault and the event log must answer; the service itself need not run.
 *
 * @throws StartRefused with one sentence that does not repeat the address.
 */
export const firstAdministrator = async (
  config: AdminConfig,
  { email, log, clock = systemClock }: { email: string; log: Log; clock?: Clock },
): Promise<void> => {
  const { onClose, close } = closers();
  try {
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(eventLog.close);
    const { VAULT_DATABASE_URL: url, ADDRESS_KEY } = config;
    const connections = { applicationName: 'admin', maxConnections: 4 };
    const { pool, logId } = await joinVault({ url, eventLog, log, secrets: vaultSecrets(config), ...connections });
    onClose(() => pool.end());
    const keys = configuredMasterKeys(config);
    const deps = {
      ...{ vault: pool, eventLog, logId, log, clock },
      ...{
        masterKeys: keys,
        keys: vaultDataKeys({ pool, masterKeys: keys, clock }),
        addressKey: createSecretKey(ADDRESS_KEY),
      },
    };
    await appointAdministrator(deps, email);
  } catch (error) {
    throw forOperator(error);
  } finally {
    await close();
  }
};

const forOperator = (error: unknown): unknown => {
  const refusal = error instanceof Refused ? REFUSALS[error.slug] : undefined;
  if (refusal !== undefined) return new StartRefused(refusal, { cause: error });
  if (isLoginRejected(error))
    return new StartRefused('The vault refuses the connection; check VAULT_DATABASE_URL.', { cause: error });
  const notRunning =
    isUnavailable(error) ||
    error instanceof LogUnavailable ||
    error instanceof DependencyUnavailable ||
    codeOf(error) === UNDEFINED_TABLE;
  if (!notRunning) return error;
  const message = 'The vault or the event log does not answer; is the service running?';
  return new StartRefused(message, { cause: error });
};
