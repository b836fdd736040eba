import type { Clock } from '@ums/kit/clock';
import type { Log } from '@ums/kit/log';
import type { NotaryMetrics } from '../checkpoint/notaryMetrics.js';
import { nextDue } from './receiptStatements.js';
import { type SignReceiptsDeps, signDueReceipts } from './signDueReceipts.js';

export interface ReceiptSigningDeps extends SignReceiptsDeps {
  metrics: Pick<NotaryMetrics, 'receiptsSigned' | 'receiptsAnswered'>;
  log: Log;
  clock: Clock;
}

/** Signs receipts of erasures as part of the notary's look at its checkpoints. */
export interface ReceiptSigning {
  /**
   * Asks nothing of the databases unless a receipt is due or the log may hold a new erasure. Never rejects: what fails is logged
   * once until it works, and tried again with the next look.
   *
   * @param hasSigned whether a checkpoint was signed in this look: while the log stands still there is no new erasure.
   */
  look(hasSigned: boolean): Promise<void>;
}

export const receiptSigning = (deps: ReceiptSigningDeps): ReceiptSigning => {
  const { vault, metrics, log, clock } = deps;
  let dueAt = 0;
  let isFailing = false;
  return {
    look: async (hasSigned) => {
      const now = clock.now();
      if (!hasSigned && now.getTime() < dueAt) return;
      try {
        metrics.receiptsSigned(await signDueReceipts(deps, now));
        dueAt = (await nextDue(vault))?.getTime() ?? Number.POSITIVE_INFINITY;
        isFailing = false;
      } catch (error) {
        if (!isFailing) log.warn('receipts of erasures not signed', { error });
        isFailing = true;
        dueAt = 0;
      }
      metrics.receiptsAnswered(!isFailing);
    },
  };
};
