import { vaultDataKeys } from '@ums/identity/vault/dataKeys';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import { codeOf, isShutOut, isUnavailable } from '@ums/kit/postgres/errors';
import { Refused } from '@ums/kit/refused';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { StartRefused } from '@ums/kit/startRefused';
import type { AdminConfig } from '../config.js';
import { joinVault } from '../openVault.js';
import { appointAdministrator } from './appointAdministrator.js';

/** Why a rule refused it, for the operator's terminal. */
const REFUSALS: Readonly<Record<string, string>> = {
  'administrator-exists': 'There is an active administrator already.',
  'not-found': 'Nobody active has confirmed this address.',
  busy: 'Administrators are being changed at the moment; try again.',
};

/** No service ever made its tables here. */
const UNDEFINED_TABLE = '42P01';

const NOTHING_ANSWERS = 'The vault, the event log or the keeper does not answer; is the service running?';

/**
 * Appoints the first administrator beside a running service (its keeper must follow the log).
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
    const { VAULT_DATABASE_URL: url, ADDRESS_KEY, MASTER_KEY } = config;
    const secrets = { MASTER_KEY: [MASTER_KEY], ADDRESS_KEY: [ADDRESS_KEY] };
    const vault = await joinVault({ url, eventLog, log, secrets, maxConnections: 4 });
    onClose(() => vault.pool.end());
    const keys = masterKeys(MASTER_KEY);
    await appointAdministrator(
      {
        vault: vault.pool,
        eventLog,
        logId: vault.logId,
        log,
        clock,
        masterKeys: keys,
        keys: vaultDataKeys({ pool: vault.pool, masterKeys: keys, clock }),
        addressKey: ADDRESS_KEY,
      },
      email,
    );
  } catch (error) {
    throw sentenceFor(error);
  } finally {
    await close();
  }
};

const sentenceFor = (error: unknown): unknown => {
  const refusal = error instanceof Refused ? REFUSALS[error.slug] : undefined;
  if (refusal !== undefined) return new StartRefused(refusal, { cause: error });
  if (isShutOut(error)) return new StartRefused('The vault does not let us in; look at its URL.', { cause: error });
  const silent =
    isUnavailable(error) ||
    error instanceof LogUnavailable ||
    error instanceof DependencyUnavailable ||
    codeOf(error) === UNDEFINED_TABLE;
  return silent ? new StartRefused(NOTHING_ANSWERS, { cause: error }) : error;
};
