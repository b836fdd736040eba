import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import { type Readiness, readinessOf, upIfResolves, upOrBehind } from '@ums/kit/readiness';
import type pg from 'pg';
import type { Reconciler } from './reconciler/reconciler.js';

export interface Dependencies {
  eventLog: Pick<ConnectedEventLog, 'ready'>;
  vault: Pick<pg.Pool, 'query'>;
  reconciler: Pick<Reconciler, 'ready'>;
}

/** Ready when event log and vault answer and the reconciler has reached the head that the log had at the start. */
export const commandReadiness = async ({ eventLog, vault, reconciler }: Dependencies): Promise<Readiness> => {
  const [log, vaultCheck, reconcilerCheck] = await Promise.all([
    upIfResolves(eventLog.ready()),
    upIfResolves(vault.query('select 1')),
    upOrBehind(reconciler.ready()),
  ]);
  return readinessOf({ log, vault: vaultCheck, reconciler: reconcilerCheck });
};
