import { ERASURE_RECEIPT_FORMAT, receiptStatement } from '@ums/contracts/proof/erasureReceipt';
import type { TestNotary } from './testNotary.js';

const DONE = { state: 'done', at: '2026-01-02T12:00:00.010Z' };

/** The receipt of an erasure that is not complete, signed by a notary. */
export const signedReceipt = (notary: Pick<TestNotary, 'signText'>) => {
  const receipt = {
    format: ERASURE_RECEIPT_FORMAT,
    receipt: '0199c0de-0000-4000-8000-0000000000e1',
    startedAt: '2026-01-02T12:00:00.000Z',
    complete: false,
    steps: {
      ...{ keyDestroyed: DONE, addressesReleased: DONE, sessionsEnded: DONE, mailRecords: DONE },
      ...{ pictures: { state: 'pending', at: null }, readModels: { state: 'done', at: null } },
      ...{ topicTombstone: { state: 'not-applicable', at: null }, diskRewritten: DONE },
      backupsDue: { state: 'pending', at: '2026-02-02T02:00:00.000Z' },
    },
  };
  return { ...receipt, signed: notary.signText(receiptStatement(receipt)) };
};
