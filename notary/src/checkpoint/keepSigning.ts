import { setTimeout as sleep } from 'node:timers/promises';
import { treeSize } from '../tree/treeStore.js';
import { Contradicted } from './contradicted.js';
import type { NotaryMetrics } from './notaryMetrics.js';
import { type PublishingDeps, publishing } from './publishing.js';
import { isDue, type SigningDeps, type SigningTimes, signCheckpoint } from './signCheckpoint.js';
import { lastCheckpoint, saveVerifierKeys } from './signedCheckpoints.js';

export interface KeepSigningDeps extends SigningDeps, PublishingDeps {
  metrics: Pick<NotaryMetrics, 'placeAnswered' | 'signed'>;
  /** Looks at the receipts of erasures, too. Never rejects. */
  receipts: { look(hasSigned: boolean): Promise<void> };
  times: SigningTimes;
  /** Time between two looks at what is due, in ms. */
  everyMs: number;
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
  let isFirst = true;
  const look = async (): Promise<void> => {
    const last = await lastCheckpoint(pool);
    let hasSigned = false;
    if (isFirst || isDue(last, await treeSize(pool), times)) {
      const signed = await signCheckpoint(deps, times, await places.readBack(last));
      if (isFirst) await saveVerifierKeys(pool, keys.verifierKeys);
      isFirst = false;
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
      if (!signal.aborted) log.warn('checkpoint not signed', { attempt, error });
    }
    await sleep(deps.everyMs, undefined, { signal }).catch(() => undefined);
  }
};
