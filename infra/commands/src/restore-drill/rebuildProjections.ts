import { setTimeout as sleep } from 'node:timers/promises';
import { withConnection } from '@ums/embedded/postgres/withConnection';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { createLog } from '@ums/kit/log';
import { StartRefused } from '@ums/kit/startRefused';
import { readProjectionsConfig } from '@ums/projector/config';
import { operateProjections } from '@ums/projector/operateProjections';
import { PROJECTIONS } from '@ums/projector/projections';
import type { Restored } from './startRestored.js';

const TIMEOUT_MS = 600_000;
const POLL_MS = 100;
const EQUAL = 'Rows only live: 0; only rebuilt: 0; at the same event with other values: 0.';

/**
 * Waits until the restored read models have reached the head of the log, builds all of them anew, and compares.
 *
 * @returns their names. @throws StartRefused when they differ.
 */
export const rebuildProjections = async ({ engines }: Restored): Promise<string[]> => {
  const log = createLog({ service: 'restore-drill', level: 'silent' });
  const names = PROJECTIONS.map(({ name }) => name);
  await untilAtHead(engines, names);
  const { MASTER_KEY, MASTER_KEY_PREVIOUS } = engines.secrets.environment;
  const config = readProjectionsConfig({
    EVENTSTORE_URL: engines.eventLog,
    DATABASE_URL: engines.usersFor('projector'),
    VAULT_DATABASE_URL: engines.vaultFor('projector'),
    ...{ MASTER_KEY, MASTER_KEY_PREVIOUS },
  });
  for (const name of names) {
    const order = { command: 'rebuild', name, fromOld: false } as const;
    const text = await operateProjections(order, config, { log, onProgress: () => undefined });
    if (!text.includes(EQUAL)) throw new StartRefused(`The read model differs from the event log.\n${text}`);
  }
  return names;
};

const untilAtHead = async (engines: Restored['engines'], names: readonly string[]): Promise<void> => {
  const eventLog = connectEventLog({
    url: engines.eventLog,
    log: createLog({ service: 'restore-drill', level: 'silent' }),
  });
  try {
    const head = await eventLog.head();
    await withConnection(engines.usersFor('projector'), async (client) => {
      for (const end = performance.now() + TIMEOUT_MS; ; await sleep(POLL_MS)) {
        const { rows } = await client.query<{ behind: boolean }>({
          name: 'find-projections-behind',
          text: `select bool_or(coalesce(position, -1) < $2) as behind
                 from unnest($1::text[]) as wanted (name) left join read.checkpoint using (name)`,
          values: [names, String(head ?? -1)],
        });
        if (rows[0]?.behind === false) return;
        if (performance.now() > end) throw new StartRefused('The read models do not reach the head of the event log.');
      }
    });
  } finally {
    await eventLog.close();
  }
};
