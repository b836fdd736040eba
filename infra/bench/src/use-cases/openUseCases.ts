import { join } from 'node:path';
import type { ComposedDeps } from '@ums/command-api/apiDeps';
import { composeDeps, createAccessTokens } from '@ums/command-api/composeDeps';
import { readConfig, serviceSecrets } from '@ums/command-api/config';
import { createFetchText } from '@ums/command-api/mail-feedback/fetchText';
import { openVault } from '@ums/command-api/openVault';
import { environments } from '@ums/embedded/environments';
import type { RunningEngines } from '@ums/embedded/startEngines';
import { systemClock } from '@ums/kit/clock';
import { closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { silentLog } from '@ums/kit/log';
import { HIGH_LIMITS } from '../load/highLimits.js';

/** The use cases of command-api with embedded engines, without HTTP and without the reconciler. */
export interface UseCases {
  deps: ComposedDeps;
  engines: RunningEngines;
  /** Environment variables of a projector that uses these engines. */
  projector: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

export const openUseCases = async (engines: RunningEngines): Promise<UseCases> => {
  const { onClose, close } = closers();
  try {
    const env = { ...HIGH_LIMITS, PASSWORD_HASH: 'bcrypt:4' };
    const jwks = join(engines.dataDir, 'jwks.json');
    const variables = environments(engines, { env, publicUrl: 'http://127.0.0.1', jwks });
    const config = readConfig(variables['command-api']);
    const eventLog = connectEventLog({ url: engines.eventLog, log: silentLog });
    onClose(eventLog.close);
    const accessTokens = createAccessTokens(config, systemClock);
    const secrets = serviceSecrets(config, accessTokens.jwks);
    const url = config.VAULT_DATABASE_URL;
    const { pool, logId } = await openVault({ url, applicationName: 'bench', eventLog, log: silentLog, secrets });
    onClose(() => pool.end());
    const deps = composeDeps(config, {
      vault: pool,
      eventLog,
      logId,
      log: silentLog,
      clock: systemClock,
      accessTokens,
      fetchText: createFetchText(),
    });
    return { deps, engines, projector: variables.projector, close };
  } catch (error) {
    await close();
    throw error;
  }
};
