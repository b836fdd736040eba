import { readRewriteAddressesConfig } from '@ums/command-api/config';
import { rewriteAddresses } from '@ums/command-api/rewriteAddresses';
import { secretsFileOf } from '@ums/embedded/dataFolder/enginesFile';
import { requireDataFolder } from '@ums/embedded/dataFolder/requireDataFolder';
import { dropPreviousSecret } from '@ums/embedded/dataFolder/secrets';
import { startEngines } from '@ums/embedded/startEngines';
import type { Environment } from '@ums/kit/env';
import { createLog } from '@ums/kit/log';
import { StartRefused } from '@ums/kit/startRefused';
import type { ProgressDisplay } from '../progress/progressOn.js';
import { usesEnvironment } from './usesEnvironment.js';

/**
 * `npm run -s keys -- rewrite-addresses`: replaces ADDRESS_KEY, while no service runs. On a data folder, it starts the engines
 * itself and needs the folder for itself.
 *
 * @returns the sentence to print.
 * @throws StartRefused with one sentence.
 */
export const rewriteAddressesCommand = async (
  env: Environment,
  dataDir: string,
  display: ProgressDisplay,
): Promise<string> => {
  if (usesEnvironment(env)) return rewriteOn(env, display);
  await requireDataFolder(dataDir);
  const engines = await startEngines({ dataDir, inboxPort: 0, onFatal: endProcess });
  try {
    const { MASTER_KEY, MASTER_KEY_PREVIOUS, ADDRESS_KEY, ADDRESS_KEY_PREVIOUS } = engines.secrets.environment;
    if (ADDRESS_KEY_PREVIOUS === undefined)
      throw new StartRefused(
        'The data folder has no new ADDRESS_KEY; nothing was changed. Make one: npm run -s keys -- new ADDRESS_KEY',
      );
    const urls = { EVENTSTORE_URL: engines.eventLog, VAULT_DATABASE_URL: engines.vaultFor('command') };
    const keys = { MASTER_KEY, MASTER_KEY_PREVIOUS, ADDRESS_KEY, ADDRESS_KEY_PREVIOUS };
    const sentence = await rewriteOn({ ...urls, ...keys }, display);
    await dropPreviousSecret(secretsFileOf(engines.dataDir), 'ADDRESS_KEY');
    return sentence;
  } finally {
    await engines.close();
  }
};

const rewriteOn = async (env: Environment, display: ProgressDisplay): Promise<string> => {
  const rewritten = await rewriteAddresses(readRewriteAddressesConfig(env), {
    log: createLog({ service: 'keys', level: 'silent' }),
    onProgress: ({ phase, done, total }) =>
      display.show({
        phase,
        share: total === 0 ? 1 : done / total,
        text: phase === 'reading' ? `${done} of ${total} rows read` : 'writing all rows',
      }),
  });
  return rewritten
    ? 'All addresses are under the new ADDRESS_KEY; start the services with it.'
    : 'All addresses are under this ADDRESS_KEY already.';
};

/** An engine that ended takes the command with it; the next run resumes. */
const endProcess = (error: Error): void => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
};
