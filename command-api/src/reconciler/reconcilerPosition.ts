import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import type { FactDeps } from '../account/factDeps.js';

/** Stored name: the reconciler's row in `checkpoint`, its advisory lock, and the actor of the events it appends. */
export const RECONCILER = 'keeper';

/** How far the reconciler has settled the event log into the vault. */
export const reconcilerCheckpoint = checkpointStore('checkpoint', RECONCILER);

/** Whether the active reconciler, in whichever process it runs, has stored that it settled everything up to this position. */
export const hasReconciled = async ({ vault }: Pick<FactDeps, 'vault'>, position: bigint): Promise<boolean> => {
  const checkpoint = await reconcilerCheckpoint.read(vault);
  return checkpoint !== undefined && checkpoint.position >= position;
};
