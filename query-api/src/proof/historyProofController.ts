import { Controller, Get, Path, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { HistoryProofBody } from '@ums/contracts/http/proof';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/request/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request as HttpRequest } from 'express';
import { confirmToken } from '../authorization/confirmToken.js';
import { inProofSlot } from './inProofSlot.js';
import type { ProofDeps } from './proofDeps.js';
import { proveHistory } from './proveHistory.js';
import { sendHistoryProof } from './sendHistoryProof.js';

@Route('users')
@Tags('Audit')
@Security('bearer', ['auditor', 'admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(404, 'not-found')
@Response<Problem>(429, 'too-many-attempts')
@Response<Problem>(503, 'busy, not-signed-yet, dependency-unavailable')
export class HistoryProofController extends Controller {
  constructor(private readonly deps: ProofDeps) {
    super();
  }

  /**
   * Returns the stored events of a user, of the user's sessions and of reads about the user, as far as the latest checkpoint covers
   * them, each with the proof that it is in the log. The bundle can be verified offline with the notary's public key. Personal values
   * are sealed in it. The proof of an erased user stays. The read is put on record before the answer.
   * @summary Prove the history of a user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Get('{id}/history/proof')
  @SuccessResponse(200, 'The bundle')
  async getHistoryProof(@Request() request: HttpRequest, @Path() id: string): Promise<HistoryProofBody | undefined> {
    await inProofSlot(this.deps, request, async () => {
      const proof = await proveHistory(this.deps, id, () => confirmToken(this.deps, request));
      if (proof === undefined) throw new Refused('not-found');
      const reader = principalOf(request);
      await this.deps.recordRead({ reader, userId: id, asked: 'proof', grantId: null, origin: contextOf(request) });
      await sendHistoryProof(request, proof);
    });
    return undefined;
  }
}
