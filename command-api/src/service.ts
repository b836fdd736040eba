import type { JwkSet } from '@ums/identity/access-token/jwkSet';
import { type Clock, systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { guardedEventLog } from '@ums/kit/event-log/guardedEventLog';
import type { Problems } from '@ums/kit/http/problems';
import type { Log } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import type { RunningService } from '@ums/kit/readiness';
import type { Router } from 'express';
import { accessTokensOf, composeDeps } from './composeDeps.js';
import { type CommandApiConfig, serviceSecrets } from './config.js';
import { openVault } from './openVault.js';
import { COMMAND_PROBLEMS } from './problems.js';
import { commandReadiness } from './readiness.js';
import { startReconciler } from './reconciler/reconciler.js';
import { commandRouter } from './router.js';

/** The write side without its process. */
export interface RunningCommandApi extends RunningService {
  router: Router;
  /** Public keys of the access tokens it signs. */
  jwks(): JwkSet;
  /** What its rules answer, for the host's table. */
  problems: Problems;
}

const RECONCILER_CONNECTIONS = 4;
/** A request waits for a connection or makes one, then asks: a vault that hangs is told of in two and a half seconds. */
const IN_TIME = { connectTimeoutMs: 1_000, statementTimeoutMs: 1_500 };

/**
 * Serves what changes users, and keeps the vault. Ready when log and vault answer and the keeper has settled what the log
 * said at the start; no read model is asked.
 *
 * @throws StartRefused for a vault, log or secret that does not belong; LogUnavailable.
 */
export const startCommandApi = async (
  config: CommandApiConfig,
  { log, clock = systemClock }: { log: Log; clock?: Clock },
): Promise<RunningCommandApi> => {
  const { onClose, close } = closers();
  try {
    const eventLog = connectEventLog({ url: config.EVENTSTORE_URL, log });
    onClose(eventLog.close);
    const url = config.VAULT_DATABASE_URL;
    const accessTokens = accessTokensOf(config, clock);
    const secrets = serviceSecrets(config, accessTokens.jwks);
    const opened = await openVault({ url, eventLog, log, secrets, maxConnections: RECONCILER_CONNECTIONS });
    onClose(() => opened.pool.end());
    const { logId } = opened;
    const vault = createPool({ url, applicationName: 'command-api', ...IN_TIME, log });
    onClose(() => vault.end());
    const deps = composeDeps(config, { vault, eventLog: guardedEventLog(eventLog), logId, log, clock, accessTokens });
    // It may wait, for log and vault, longer than anybody waits for an answer.
    const reconciler = await startReconciler({ ...deps, vault: opened.pool, eventLog }, { url });
    onClose(reconciler.close);
    return {
      router: commandRouter(deps),
      jwks: () => deps.accessTokens.jwks,
      problems: COMMAND_PROBLEMS,
      readiness: () => commandReadiness({ eventLog, vault, reconciler }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
