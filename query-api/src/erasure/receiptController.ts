import { Controller, Get, Path, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { ErasureReceiptBody } from '@ums/contracts/http/erasure';
import type { Problem } from '@ums/contracts/http/problem';
import type { Clock } from '@ums/kit/clock';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { Slots } from '@ums/kit/queue/slots';
import { Refused } from '@ums/kit/refused';
import { readModelProgress } from './readModelProgress.js';
import { receiptBody } from './receiptBody.js';
import { findReceipt } from './receiptRow.js';

/** Dependencies of reads of receipts. */
export interface ReceiptDeps {
  read: Query;
  vault: Query;
  clock: Clock;
  /** How many days the operator keeps backups. */
  backupDays: number;
  /** Anybody may ask, so these reads leave most connections to the others. */
  receiptSlots: Slots;
}

@Route('erasures')
@Tags('User')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(404, 'not-found')
@Response<Problem>(503, 'busy, dependency-unavailable')
export class ReceiptController extends Controller {
  constructor(private readonly deps: ReceiptDeps) {
    super();
  }

  /**
   * Tells what became of an erasure, step by step. The id of the receipt is in the header `Erasure-Receipt` of the answer to the
   * erasure, and nowhere else; who has it needs no account. The answer names no person.
   * @summary Read the receipt of an erasure
   * @param receipt id of the receipt
   * @pattern receipt ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Get('{receipt}')
  @SuccessResponse(200, 'The receipt')
  async getErasureReceipt(@Path() receipt: string): Promise<ErasureReceiptBody> {
    const { vault, read, clock, backupDays, receiptSlots } = this.deps;
    const free = receiptSlots.take();
    try {
      const row = await findReceipt(vault, receipt);
      if (row === undefined) throw new Refused('not-found');
      return receiptBody(row, await readModelProgress(read, row), { now: clock.now(), backupDays });
    } finally {
      free();
    }
  }
}
