import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type pg from 'pg';

/**
 * How far the reconciler of command-api has settled every account: suspensions, ends of sessions and erasures of the log up to
 * this position are in the vault. A vault that was restored from a backup has an older position until they are applied again.
 */
export const settledCheckpoint = checkpointStore('checkpoint', 'settled');

type Vault = Pick<pg.Pool, 'query'>;

/** Whether the vault is settled up to this position of the log. */
export const isSettledTo = async (vault: Vault, position: bigint): Promise<boolean> => {
  const settled = await settledCheckpoint.read(vault);
  return settled !== undefined && settled.position >= position;
};

/** Whether a service may use what the vault says about people. */
export interface SettledVault {
  /** Whether the vault is settled up to the head that the log had at the first call. @throws LogUnavailable, or the error of the vault */
  ready(): Promise<boolean>;
}

/**
 * For a service that only reads the vault: a vault that was restored from a backup has the keys of people who have been erased
 * since, until command-api has applied their erasures again. The first call decides up to where; once the vault is settled, log and
 * vault are not asked again.
 */
export const settledVault = (vault: Vault, eventLog: Pick<EventLog, 'head'>): SettledVault => {
  let head: { position: bigint | undefined } | undefined;
  let isSettled = false;
  return {
    ready: async () => {
      if (isSettled) return true;
      head ??= { position: await eventLog.head() };
      isSettled = head.position === undefined || (await isSettledTo(vault, head.position));
      return isSettled;
    },
  };
};
