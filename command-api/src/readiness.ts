import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { answered, type Check, type Readiness, readinessOf } from '@ums/kit/readiness';
import type pg from 'pg';
import type { Reconciler } from './reconciler/reconciler.js';

export interface Dependencies {
  eventLog: Pick<ConnectedEventLog, 'ready'>;
  vault: Pick<pg.Pool, 'query'>;
  reconciler: Pick<Reconciler, 'ready'>;
}

/** Commands need the event log, the vault, and a vault that has settled what the log held at the start; nothing else. */
export const commandReadiness = async ({ eventLog, vault, reconciler }: Dependencies): Promise<Readiness> => {
  const [log, vaultCheck, settled] = await Promise.all([
    answered(eventLog.ready()),
    answered(vault.query('select 1')),
    reconciler.ready().then(
      (ready): Check => (ready ? 'up' : 'behind'),
      (): Check => 'down',
    ),
  ]);
  return readinessOf({ log, vault: vaultCheck, reconciler: settled });
};
