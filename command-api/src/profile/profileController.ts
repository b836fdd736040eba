import {
  Body,
  Controller,
  Header,
  Put,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { RenameRequest, UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { ifMatchRevision } from '@ums/kit/http/etag';
import { contextOf } from '@ums/kit/http/requestContext';
import type { Request as HttpRequest } from 'express';
import type { FactDeps } from '../account/factDeps.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { idempotencyKeyOf } from '../change/idempotency.js';
import { userAnswer } from '../change/userAnswer.js';
import type { RequestLimit } from '../limits/requestLimit.js';
import { renameUser } from './renameUser.js';

export interface ProfileDeps extends FactDeps {
  /** Of the changes of a user in a day: each makes every later command on the user, and log-ins, cost more. */
  changeLimit: RequestLimit;
}

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(412, 'stale-revision')
@Response<Problem>(503, 'busy, dependency-unavailable')
export class ProfileController extends Controller {
  constructor(private readonly deps: ProfileDeps) {
    super();
  }

  /**
   * Changes the caller's name. Sending the current name changes nothing.
   * @summary Rename yourself
   * @param ifMatch the `ETag` of the profile to change; without it, the current one is changed
   * @param idempotencyKey chosen by the client; a repeat under the same key gets the same answer and has no further effect
   */
  @Put()
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The resulting profile')
  @Response<Problem>(403, 'account-suspended')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(422, 'idempotency-key-reused')
  @Response<Problem>(429, 'too-many-attempts')
  async renameUser(
    @Body() body: RenameRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    const headers = { ifMatch: ifMatchRevision(ifMatch), idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const caller = await liveCaller(this.deps, principalOf(request));
    await this.deps.changeLimit.count('/user', caller.userId);
    const changed = await renameUser(this.deps, { name: body.name, ...headers, caller }, contextOf(request));
    return userAnswer(this, this.deps, changed);
  }
}
