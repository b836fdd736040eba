import type { Log } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { KEYS_COMMAND } from './address-key/refuseServices.js';
import type { RewrapConfig } from './config.js';
import { keysFailure } from './keysFailure.js';
import { replaceMasterKey } from './master-key/replaceMasterKey.js';
import type { RewrapProgress } from './master-key/rewrapDataKeys.js';

/** A count reads the whole table. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

/**
 * The operator's command: finishes the replacement of the master key in the vault.
 *
 * @returns how many data keys it has wrapped.
 * @throws StartRefused with one sentence.
 */
export const rewrap = async (
  config: RewrapConfig,
  { log, onProgress }: { log: Log; onProgress: (progress: RewrapProgress) => void },
): Promise<number> => {
  const vault = createPool({
    ...{ url: config.VAULT_DATABASE_URL, applicationName: KEYS_COMMAND, log },
    ...{ max: 2, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  });
  try {
    return await replaceMasterKey({ vault, secrets: config, onProgress });
  } catch (error) {
    throw keysFailure(error);
  } finally {
    await vault.end();
  }
};
