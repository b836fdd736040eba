import { configuredMasterKeys, masterSecrets } from '@ums/identity/vault/masterKeySettings';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import type { Log } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import type { RewriteProgress } from './address-key/mapAddresses.js';
import { KEYS_COMMAND, refuseServices } from './address-key/refuseServices.js';
import { replaceAddressKey } from './address-key/replaceAddressKey.js';
import type { RewriteAddressesConfig } from './config.js';
import { joinVault } from './joinVault.js';
import { keysFailure } from './keysFailure.js';

/** The last transaction writes every address again. */
const STATEMENT_TIMEOUT_MS = 3_600_000;
const CONNECTIONS = 8;

/**
 * The operator's command: computes the MACs of all addresses again, with a new ADDRESS_KEY, while no service runs. Vault and
 * event log must answer.
 *
 * @returns `false` if the new key is the vault's already.
 * @throws StartRefused with one sentence.
 */
export const rewriteAddresses = async (
  config: RewriteAddressesConfig,
  { log, onProgress }: { log: Log; onProgress: (progress: RewriteProgress) => void },
): Promise<boolean> => {
  const { onClose, close } = closers();
  try {
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(eventLog.close);
    const { VAULT_DATABASE_URL: url } = config;
    const connections = { url, applicationName: KEYS_COMMAND, log };
    const secrets = { MASTER_KEY: masterSecrets(config) };
    const joined = await joinVault({ ...connections, eventLog, secrets, maxConnections: 1 });
    await joined.pool.end();
    const vault = createPool({ ...connections, max: CONNECTIONS, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    onClose(() => vault.end());
    const clock = systemClock;
    const keys = vaultDataKeys({ pool: vault, masterKeys: configuredMasterKeys(config), clock });
    return await replaceAddressKey({ vault, eventLog, keys, clock, secrets: config, onProgress, refuseServices });
  } catch (error) {
    throw keysFailure(error);
  } finally {
    await close();
  }
};
