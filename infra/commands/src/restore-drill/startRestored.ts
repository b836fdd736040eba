import { join } from 'node:path';
import { copyFolder } from '@ums/embedded/backup/copyFolder';
import { readConfig } from '@ums/embedded/config';
import { readNotaryKeys } from '@ums/embedded/dataFolder/notaryKeysFile';
import { acceptNotaryKeys } from '@ums/embedded/dataFolder/secrets';
import { startEventStore } from '@ums/embedded/eventstore/startEventStore';
import { startPostgres } from '@ums/embedded/postgres/startPostgres';
import { withConnection } from '@ums/embedded/postgres/withConnection';
import { start } from '@ums/embedded/start';
import type { RunningEngines } from '@ums/embedded/startEngines';
import type { Closers } from '@ums/kit/closers';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { createLog } from '@ums/kit/log';
import { exists } from './exists.js';
import { giveUpLostKeys } from './giveUpLostKeys.js';

export interface Restored {
  engines: RunningEngines;
  /** Base URL of health and metrics. */
  metrics: string;
  /** Up to this position of the log, the vault was settled when the backup was made. -1 if it was not yet. */
  settledBefore: bigint;
  /** People who registered after the backup of the vault, and whose keys are lost. */
  lost: number;
}

interface Copies {
  backup: string;
  newer: string | undefined;
  /** An empty folder. */
  folder: string;
}

const DATA = 'data';
const LOG = 'log';

/**
 * Copies a backup, and from a newer one the event log with the checkpoints of the notary, which are kept apart like the log. The
 * copies belong to the user who runs the drill: a service refuses the folder of another user.
 */
export const copyBackups = async ({ backup, newer, folder }: Copies): Promise<void> => {
  const copy = (from: string, to: string, isLeftOut?: (path: string) => boolean): Promise<void> =>
    copyFolder(from, to, { isLeftOut, owner: 'copier' });
  await copy(backup, join(folder, DATA), (path) => newer !== undefined && path === 'checkpoints');
  if (newer === undefined) return;
  const checkpoints = join(newer, 'checkpoints');
  if (await exists(checkpoints)) await copy(checkpoints, join(folder, DATA, 'checkpoints'));
  // The notary may have got another key in between, and the checkpoints are signed with that.
  const keys = await readNotaryKeys(newer);
  if (keys.length > 0) await acceptNotaryKeys(join(folder, DATA, 'secrets.json'), keys.join('\n'));
  await copy(newer, join(folder, LOG), (path) => !/^postgres(\/|\.password$|$)/.test(path));
};

/**
 * Nothing of the environment: it may lead to the folder, the bucket or the brokers of the service in use. The name under which the
 * notary signed is that of its first public key.
 */
const environmentOf = async (dataDir: string): Promise<Record<string, string>> => {
  const [key = ''] = await readNotaryKeys(dataDir);
  return { CHECKPOINT_SECONDS: '1', NOTARY_ORIGIN: key.split('+', 1).join('') };
};

/**
 * Starts engines and services on the copies, on ports of their own.
 *
 * @param ownLog whether the event log is that of the backup, and not that of a newer one.
 * @throws StartRefused if the copies do not belong together, or the services do not become ready.
 */
export const startRestored = async (
  { folder, ownLog }: { folder: string; ownLog: boolean },
  onClose: Closers['onClose'],
): Promise<Restored> => {
  let settledBefore = -1n;
  let lost = 0;
  // Ends the command like an unhandled rejection.
  const onFatal = (error: Error) => void Promise.reject(error);
  const wrapEngines = async (engines: RunningEngines): Promise<RunningEngines> => {
    settledBefore = await settledPosition(engines.vaultFor('command'));
    if (ownLog) return engines;
    const postgres = await startPostgres({ dataDir: join(folder, LOG, 'postgres'), onFatal });
    onClose(postgres.close);
    const databaseUrl = postgres.localUrl('log', 'log', engines.secrets.databasePasswords.log);
    const eventLog = await startEventStore({ databaseUrl, onFatal });
    onClose(eventLog.close);
    lost = await lostOn(eventLog.url, { vault: engines.vaultFor('command'), settledBefore });
    return { ...engines, eventLog: eventLog.url };
  };
  const ports = { PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0' };
  const log = createLog({ service: 'restore-drill', level: 'silent' });
  const running = await start({
    config: readConfig({ ...ports, DATA_DIR: join(folder, DATA) }),
    env: await environmentOf(join(folder, DATA)),
    logFor: () => log,
    ...{ wrapEngines, onFatal },
  });
  onClose(running.close);
  return { engines: running.engines, metrics: running.metrics, settledBefore, lost };
};

const lostOn = async (url: string, of: Parameters<typeof giveUpLostKeys>[1]): Promise<number> => {
  const eventLog = connectEventLog({ url, log: createLog({ service: 'restore-drill', level: 'silent' }) });
  return giveUpLostKeys(eventLog, of).finally(eventLog.close);
};

const settledPosition = (vault: string): Promise<bigint> =>
  withConnection(vault, async (client) => {
    const { rows } = await client.query<{ position: string }>("select position from checkpoint where name = 'keeper'");
    return BigInt(rows[0]?.position ?? -1);
  });
