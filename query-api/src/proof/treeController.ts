import { Controller, Get, Query, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { ConsistencyProofBody, InclusionProofBody } from '@ums/contracts/http/proof';
import { principalOf } from '@ums/identity/principal';
import { latestCheckpoint } from '@ums/identity/proof/notaryTables';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import type { ProofDeps, TreeDeps } from './proofDeps.js';
import { proveConsistency, proveEvent } from './treeProofs.js';

@Route('audit')
@Tags('Audit')
@Security('bearer', ['auditor', 'admin'])
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(429, 'too-many-attempts')
@Response<Problem>(503, 'not-signed-yet, dependency-unavailable')
export class TreeController extends Controller {
  constructor(private readonly deps: TreeDeps & Pick<ProofDeps, 'recordRead'>) {
    super();
  }

  /**
   * Returns the latest signed checkpoint of the event log: a signed note with the log's origin, the number of its events and the
   * root of its tree (C2SP tlog-checkpoint). Keep it where nobody of this service can write: with it, any later change of these
   * events can be proved. The public key is at `/.well-known/notary-keys`.
   * @summary Read the latest checkpoint
   */
  @Get('checkpoint')
  @SuccessResponse(200, 'The checkpoint', 'text/plain')
  async getCheckpoint(@Request() request: HttpRequest): Promise<string> {
    const { note } = await latestCheckpoint(this.deps.read);
    request.res?.type('text/plain; charset=utf-8').send(note);
    return note;
  }

  /**
   * Proves that an event is in the tree of the latest checkpoint. An event that was written seconds ago may not be in the tree
   * yet, and a younger one than the checkpoint is not signed yet.
   * @summary Prove that an event is in the log
   * @param event id of the event
   * @pattern event ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ must be an id
   */
  @Get('proof')
  @SuccessResponse(200, 'The proof')
  @Response<Problem>(400, 'validation-failed')
  @Response<Problem>(404, 'not-found')
  async getInclusionProof(@Request() request: HttpRequest, @Query() event: string): Promise<InclusionProofBody> {
    const proof = await proveEvent(this.deps, event);
    const reader = principalOf(request);
    await this.deps.recordRead({ reader, userId: null, asked: 'proof', grantId: null, origin: contextOf(request) });
    return proof;
  }

  /**
   * Proves that the tree of an earlier checkpoint is the beginning of a later one: nothing was changed, left out or put in
   * between.
   * @summary Prove that the log was only appended to
   * @param from size of the earlier checkpoint
   * @isLong from invalid integer number
   * @minimum from 1
   * @maximum from 9007199254740991
   * @param to size of the later checkpoint; at most that of the latest one
   * @isLong to invalid integer number
   * @minimum to 1
   * @maximum to 9007199254740991
   */
  @Get('consistency')
  @SuccessResponse(200, 'The proof')
  @Response<Problem>(400, 'validation-failed')
  async getConsistencyProof(@Query() from: number, @Query() to: number): Promise<ConsistencyProofBody> {
    return proveConsistency(this.deps, from, to);
  }
}
