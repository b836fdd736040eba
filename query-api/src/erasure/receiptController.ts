import { Controller, Extension, Get, Path, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { ErasureReceiptBody } from '@ums/contracts/http/erasure';
import type { Problem } from '@ums/contracts/http/problem';
import { requestLocale } from '@ums/identity/page/requestLocale';
import { sendPage, showsPages } from '@ums/kit/http/problem/browserPages';
import { responseOf } from '@ums/kit/http/request/responseOf';
import type { Slots } from '@ums/kit/queue/slots';
import { Refused } from '@ums/kit/refused';
import type { Request as HttpRequest } from 'express';
import { type ReceiptSources, readReceipt } from './readReceipt.js';
import type { ReceiptPages } from './receiptPages.js';

/** Dependencies of reads of receipts. */
export interface ReceiptDeps extends ReceiptSources {
  /** Anybody may ask, so these reads leave most connections to the others. */
  receiptSlots: Slots;
  receiptPages: ReceiptPages;
}

@Route('erasures')
@Tags('User')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(404, 'not-found')
@Response<Problem>(429, 'too-many-attempts')
@Response<Problem>(503, 'busy, dependency-unavailable')
export class ReceiptController extends Controller {
  constructor(private readonly deps: ReceiptDeps) {
    super();
  }

  /**
   * Tells what became of an erasure, step by step. The id of the receipt is in the header `Erasure-Receipt` of the answer to the
   * erasure and in the last mail to the person; who has it needs no account. The answer names no person. The notary signs it within
   * a minute or two of a change; `npm run verify` checks a saved answer with the notary's public key. A browser is shown a page in
   * words, in English or German.
   * @summary Read the receipt of an erasure
   * @param receipt id of the receipt
   * @pattern receipt ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Get('{receipt}')
  @SuccessResponse(200, 'The receipt')
  @Extension('x-language', true)
  @Extension('x-page', true)
  async getErasureReceipt(@Path() receipt: string, @Request() request: HttpRequest): Promise<ErasureReceiptBody> {
    const response = responseOf(request).vary('Accept, Accept-Language');
    const free = this.deps.receiptSlots.take();
    try {
      const body = await readReceipt(this.deps, receipt);
      if (body === undefined) throw new Refused('not-found');
      if (showsPages(request)) sendPage(response, 200, this.deps.receiptPages.receipt(body, requestLocale(request)));
      return body;
    } finally {
      free();
    }
  }
}
