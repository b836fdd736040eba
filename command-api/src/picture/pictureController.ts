import { Controller, Delete, Header, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { ifMatchRevision } from '@ums/kit/http/request/etag';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import type { FactDeps } from '../account/factDeps.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { idempotencyKeyOf } from '../change/idempotency.js';
import { type ProfileAnswerDeps, userAnswer } from '../change/userAnswer.js';
import { removePicture } from './removePicture.js';

@Route('user/picture')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(503, 'busy, dependency-unavailable')
export class PictureController extends Controller {
  constructor(private readonly deps: FactDeps & ProfileAnswerDeps) {
    super();
  }

  /**
   * Removes your picture, also one that is still processed. Without a picture, nothing changes. Links to it stop working.
   * @summary Remove your picture
   * @param ifMatch the `ETag` of the profile to change; without it, the current one is changed
   * @param idempotencyKey chosen by the client; a repeat under the same key gets the same answer and has no further effect
   */
  @Delete()
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The resulting profile')
  @Response<Problem>(403, 'account-suspended')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(412, 'stale-revision')
  @Response<Problem>(422, 'idempotency-key-reused')
  async removePicture(
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    const headers = { ifMatch: ifMatchRevision(ifMatch), idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const caller = await liveCaller(this.deps, principalOf(request));
    const changed = await removePicture(this.deps, { caller, ...headers }, contextOf(request));
    return userAnswer(this, this.deps, changed);
  }
}
