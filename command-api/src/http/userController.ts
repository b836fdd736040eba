import {
  Body,
  Controller,
  Delete,
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
import type { EraseRequest, RenameRequest, UserBody } from '@ums/contracts/http/user';
import { contextOf } from '@ums/kit/http/requestContext';
import type { Request as HttpRequest } from 'express';
import { eraseUser } from '../erasure/eraseUser.js';
import { mustBeLive } from '../session/mustBeLive.js';
import { renameUser } from '../user/renameUser.js';
import { principalOf } from './authentication.js';
import { CONSISTENCY_HEADER, consistencyTokenOf } from './consistency.js';
import type { HttpDeps } from './httpDeps.js';
import { idempotencyKeyOf, revisionOf } from './requestHeaders.js';
import { userAnswer } from './userAnswer.js';

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(412, 'stale-revision')
@Response<Problem>(503, 'dependency-unavailable')
export class UserController extends Controller {
  constructor(private readonly deps: HttpDeps) {
    super();
  }

  /**
   * Changes the own name. The same name again changes nothing.
   * @summary Rename yourself
   * @param ifMatch the `ETag` of the profile the change is meant for; without it the newest
   * @param idempotencyKey names this request, so that a repeat is answered and not carried out again
   */
  @Put()
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The resulting profile')
  @Response<Problem>(403, 'account-suspended')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(422, 'idempotency-key-reused')
  async renameUser(
    @Body() body: RenameRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    const principal = principalOf(request);
    const renaming = {
      name: body.name,
      ifMatch: revisionOf(ifMatch),
      idempotencyKey: idempotencyKeyOf(idempotencyKey),
    };
    await mustBeLive(this.deps, principal);
    const changed = await renameUser(this.deps, { ...renaming, userId: principal.userId }, contextOf(request));
    return userAnswer(this, this.deps, changed);
  }

  /**
   * Erases the caller, for ever: what is personal becomes unreadable at once, also in the history.
   * @summary Erase yourself
   * @param ifMatch the `ETag` of the profile the erasure is meant for; without it the newest
   */
  @Delete()
  @SuccessResponse<{ 'X-Consistency-Token': string }>(204, 'Erased')
  @Response<Problem>(403, 'password-invalid')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async eraseUser(
    @Body() body: EraseRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<void> {
    const principal = principalOf(request);
    const stillLive = () => mustBeLive(this.deps, principal);
    const erasing = { userId: principal.userId, password: body.password, ifMatch: revisionOf(ifMatch), stillLive };
    const { position } = await eraseUser(this.deps, erasing, contextOf(request));
    this.setHeader(CONSISTENCY_HEADER, consistencyTokenOf(this.deps, position));
  }
}
