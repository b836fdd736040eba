import {
  Body,
  Controller,
  Delete,
  Header,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { SuspensionRequest } from '@ums/contracts/http/administration';
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
import { reinstateUser, suspendUser } from './changeSuspension.js';

@Route('users')
@Tags('Administration')
@Security('bearer', ['admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(404, 'not-found')
@Response<Problem>(409, 'conflict')
@Response<Problem>(412, 'stale-revision')
@Response<Problem>(422, 'idempotency-key-reused')
@Response<Problem>(503, 'busy, dependency-unavailable')
export class SuspensionController extends Controller {
  constructor(private readonly deps: FactDeps & ProfileAnswerDeps) {
    super();
  }

  /**
   * Ends all sessions of a user at once and blocks new ones. The last active administrator cannot be suspended.
   * @summary Suspend a user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Post('{id}/suspension')
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The user')
  @Response<Problem>(409, 'conflict, last-administrator')
  async suspendUser(
    @Path() id: string,
    @Body() body: SuspensionRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    const headers = { ifMatch: ifMatchRevision(ifMatch), idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const confirmCaller = () => liveCaller(this.deps, principalOf(request), 'admin');
    const suspension = { userId: id, reason: body.reason, ...headers, caller: await confirmCaller(), confirmCaller };
    return userAnswer(this, this.deps, await suspendUser(this.deps, suspension, contextOf(request)));
  }

  /**
   * Lets a suspended user log in again.
   * @summary Reinstate a user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Delete('{id}/suspension')
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The user')
  async reinstateUser(
    @Path() id: string,
    @Body() body: SuspensionRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    return this.reinstate(id, body, request, { ifMatch, idempotencyKey });
  }

  /**
   * The same as `DELETE`, for clients behind a proxy that drops the body of a `DELETE`.
   * @summary Reinstate a user with POST
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Post('{id}/suspension/end')
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The user')
  async reinstateUserByPost(
    @Path() id: string,
    @Body() body: SuspensionRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    return this.reinstate(id, body, request, { ifMatch, idempotencyKey });
  }

  private async reinstate(
    id: string,
    body: SuspensionRequest,
    request: HttpRequest,
    { ifMatch, idempotencyKey }: { ifMatch: string | undefined; idempotencyKey: string | undefined },
  ): Promise<UserBody> {
    const headers = { ifMatch: ifMatchRevision(ifMatch), idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const caller = await liveCaller(this.deps, principalOf(request), 'admin');
    const reinstatement = { userId: id, reason: body.reason, ...headers, caller };
    return userAnswer(this, this.deps, await reinstateUser(this.deps, reinstatement, contextOf(request)));
  }
}
