import { Controller, Get, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { HistoryProofBody } from '@ums/contracts/http/proof';
import { principalOf } from '@ums/identity/principal';
import { Refused } from '@ums/kit/refused';
import type { Request as HttpRequest } from 'express';
import { confirmToken } from '../authorization/confirmToken.js';
import { inProofSlot } from './inProofSlot.js';
import type { OwnProofDeps } from './proofDeps.js';
import { proveHistory } from './proveHistory.js';
import { sendHistoryProof } from './sendHistoryProof.js';

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(503, 'busy, not-signed-yet, dependency-unavailable')
export class OwnProofController extends Controller {
  constructor(private readonly deps: OwnProofDeps) {
    super();
  }

  /**
   * Returns the stored events of the caller, of the caller's sessions and of reads about the caller by others, as far as the latest
   * checkpoint covers them, each with the proof that it is in the log. The bundle can be verified offline with the notary's public
   * key, which is at `/.well-known/notary-keys`. Personal values are sealed in it.
   * @summary Prove your own history
   */
  @Get('history/proof')
  @SuccessResponse(200, 'The bundle')
  async getOwnHistoryProof(@Request() request: HttpRequest): Promise<HistoryProofBody | undefined> {
    await inProofSlot(this.deps, request, async () => {
      const proof = await proveHistory(this.deps, principalOf(request).userId, () => confirmToken(this.deps, request));
      if (proof === undefined) throw new Refused('unauthenticated');
      await sendHistoryProof(request, proof);
    });
    return undefined;
  }
}
