import type { ConnectedEventLog } from '@ums/kit/event-log/connectEventLog';
import type { Readiness } from '@ums/kit/runningService';
import type pg from 'pg';
import type { Keeper } from './keeper/keeper.js';

export interface Dependencies {
  eventLog: Pick<ConnectedEventLog, 'ready'>;
  vault: Pick<pg.Pool, 'query'>;
  keeper: Pick<Keeper, 'ready'>;
}

/** Commands need log and vault, and a vault that knows of every cut and erasure the log had at the start; nothing else. */
export const readinessOf = async ({ eventLog, vault, keeper }: Dependencies): Promise<Readiness> => {
  const [logState, vaultState, keeperState] = await Promise.all([
    eventLog.ready().then(up, down),
    vault.query('select 1').then(up, down),
    keeper.ready().then((ready) => (ready ? up() : behind()), down),
  ]);
  const checks = { log: logState, vault: vaultState, keeper: keeperState };
  return { ready: Object.values(checks).every((check) => check === 'up'), checks };
};

const up = () => 'up' as const;
const down = () => 'down' as const;
const behind = () => 'behind' as const;
