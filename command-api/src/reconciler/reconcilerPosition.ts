import { checkpointStore } from '@ums/kit/event-log/checkpointStore';

/** Stored name: the reconciler's row in `checkpoint`, its advisory lock, and the actor of the events it appends. */
export const RECONCILER = 'keeper';

/**
 * From where the reconciler continues after a restart. Behind the position up to which accounts are settled while other work of
 * it is not done.
 */
export const reconcilerCheckpoint = checkpointStore('checkpoint', RECONCILER);
