import { setTimeout as sleep } from 'node:timers/promises';
import { treeSize } from '../tree/treeStore.js';
import { Contradicted } from './contradicted.js';
import type { NotaryMetrics } from './notaryMetrics.js';
import { type PublishingDeps, publishing } from './publishing.js';
import { isDue, type SigningDeps, type SigningTimes, signCheckpoint } from './signCheckpoint.js';
import { lastCheckpoint, type StoredCheckpoint, saveVerifierKeys } from './signedCheckpoints.js';

export interface KeepSigningDeps extends SigningDeps, PublishingDeps {
  metrics: Pick<NotaryMetrics, 'placeAnswered' | 'signed'>;
  /** Looks at the receipts of erasures, too. Never rejects. */
  receipts: { look(hasSigned: boolean): Promise<void> };
  times: SigningTimes;
  /** Leaves of the tree after the last batch of this process; 0 before the first. */
  appendedSize(): number;
  /** Time between two looks at what is due, in ms. */
  everyMs: number;
}

/** What the tables held at a moment. The holder of the lock alone changes them, so that most looks need no query. */
interface Stored {
  last: StoredCheckpoint | undefined;
  size: number;
  /** In ms of `performance.now()`. */
  readAt: number;
}

/**
 * Signs and publishes checkpoints until the signal aborts, under a lock that the caller holds. What fails is tried again with
 * the next look.
 *
 * @throws Contradicted: an operator must look before anything is signed again.
 */
export const keepSigning = async (deps: KeepSigningDeps, signal: AbortSignal): Promise<void> => {
  const { pool, keys, log, metrics, receipts, times } = deps;
  const places = publishing(deps);
  /** Whether the places must be asked what they hold, and given what they lack: at the start, and after a failure. */
  let isReadBackDue = true;
  let stored: Stored | undefined;
  const look = async (): Promise<void> => {
    let hasSigned = false;
    stored ??= await readStored(pool);
    const { size, last } = stored;
    if (isReadBackDue || isDue(last && aged(last, stored), Math.max(size, deps.appendedSize()), times)) {
      // The next look reads again, also when this one fails.
      stored = undefined;
      const signed = await signCheckpoint(deps, times, await places.readBack(last));
      if (isReadBackDue) await saveVerifierKeys(pool, keys.verifierKeys);
      isReadBackDue = false;
      if (signed !== undefined) {
        hasSigned = true;
        metrics.signed();
        places.owe(signed);
      }
    }
    await places.publishOwed();
    await receipts.look(hasSigned);
  };
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await look();
      attempt = 0;
    } catch (error) {
      if (error instanceof Contradicted) throw error;
      // The checkpoint may be stored: an answer to its commit was lost.
      isReadBackDue = true;
      stored = undefined;
      if (!signal.aborted) log.warn('checkpoint not signed', { attempt, error });
    }
    await sleep(deps.everyMs, undefined, { signal }).catch(() => undefined);
  }
};

const readStored = async (pool: KeepSigningDeps['pool']): Promise<Stored> => {
  const readAt = performance.now();
  const last = await lastCheckpoint(pool);
  return { last, size: await treeSize(pool), readAt };
};

const aged = (last: StoredCheckpoint, { readAt }: Stored): StoredCheckpoint => ({
  ...last,
  ageSeconds: last.ageSeconds + (performance.now() - readAt) / 1_000,
});
