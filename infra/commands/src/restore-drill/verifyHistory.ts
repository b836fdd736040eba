import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withConnection } from '@ums/embedded/postgres/withConnection';
import { createLog } from '@ums/kit/log';
import { StartRefused } from '@ums/kit/startRefused';
import { exportLog } from '@ums/notary/exportLog';
import { Fault, UnusableInput } from '@ums/verifier/fault';
import { verifyCommand } from '@ums/verifier/verifyCommand';
import { exists } from './exists.js';
import type { Restored } from './startRestored.js';

const TIMEOUT_MS = 120_000;
const POLL_MS = 200;

/**
 * Waits until the notary has signed the whole log, exports the log, and verifies the export with every checkpoint that was signed
 * before the loss. The notary signs nothing on a log that contradicts one of them.
 *
 * @param folder for the export
 * @returns what the verifier says. @throws StartRefused
 */
export const verifyHistory = async (
  { engines, metrics }: Restored,
  { folder, checkpoints }: { folder: string; checkpoints: string },
): Promise<string> => {
  const database = engines.usersFor('notary');
  await untilSigned(database, metrics);
  const path = join(folder, 'log.ndjson');
  const urls = { EVENTSTORE_URL: engines.eventLog, DATABASE_URL: database };
  await exportLog(path, urls, createLog({ service: 'restore-drill', level: 'silent' }));
  const signedBefore = (await exists(checkpoints)) ? ['--checkpoint', checkpoints] : [];
  try {
    return await verifyCommand([path, '--key', join(engines.dataDir, 'notary.pub'), ...signedBefore]);
  } catch (error) {
    if (!(error instanceof Fault || error instanceof UnusableInput)) throw error;
    throw new StartRefused(`The history does not verify: ${error.message}`, { cause: error });
  }
};

const untilSigned = (database: string, metrics: string): Promise<void> =>
  withConnection(database, async (client) => {
    for (const end = performance.now() + TIMEOUT_MS; ; await sleep(POLL_MS)) {
      const { rows } = await client.query<{ signed: boolean }>(
        'select (select max(size) from notary.checkpoint) > (select max(leaf_index) from notary.leaf) as signed',
      );
      if (rows[0]?.signed === true && (await notaryIsReady(metrics))) return;
      if (performance.now() > end)
        throw new StartRefused('The notary does not sign the restored event log: it contradicts a signed checkpoint.');
    }
  });

const notaryIsReady = async (metrics: string): Promise<boolean> => {
  const answer = await fetch(`${metrics}/health/ready`);
  const { checks } = (await answer.json()) as { checks: Record<string, string> };
  return Object.entries(checks).every(([name, check]) => !name.startsWith('notary.') || check === 'up');
};
