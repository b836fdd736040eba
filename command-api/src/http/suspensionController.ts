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
import type { Problem } from '@ums/contracts/http/problem';
import type { SuspensionRequest, UserBody } from '@ums/contracts/http/user';
import { contextOf } from '@ums/kit/http/requestContext';
import type { Request as HttpRequest } from 'express';
import { reinstateUser, type SuspensionChange, suspendUser } from '../administration/changeSuspension.js';
import { mustBeLive } from '../session/mustBeLive.js';
import { principalOf } from './authentication.js';
import type { HttpDeps } from './httpDeps.js';
import { idempotencyKeyOf, revisionOf } from './requestHeaders.js';
import { userAnswer } from './userAnswer.js';

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
  constructor(private readonly deps: HttpDeps) {
    super();
  }

  /**
   * Ends a user's sessions at once and lets him begin no other. The last active administrator cannot be suspended.
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
    const change = await this.asked(request, { userId: id, reason: body.reason, ifMatch, idempotencyKey });
    const stillLive = () => mustBeLive(this.deps, principalOf(request), 'admin');
    return userAnswer(this, this.deps, await suspendUser(this.deps, { ...change, stillLive }, contextOf(request)));
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
    const change = await this.asked(request, { userId: id, reason: body.reason, ifMatch, idempotencyKey });
    return userAnswer(this, this.deps, await reinstateUser(this.deps, change, contextOf(request)));
  }

  /** What is asked and by whom, once the vault has said that he still is an administrator. */
  private async asked(request: HttpRequest, asked: AskedChange): Promise<SuspensionChange> {
    const principal = principalOf(request);
    const headers = { ifMatch: revisionOf(asked.ifMatch), idempotencyKey: idempotencyKeyOf(asked.idempotencyKey) };
    await mustBeLive(this.deps, principal, 'admin');
    return { userId: asked.userId, reason: asked.reason, ...headers, administrator: principal.userId };
  }
}

interface AskedChange {
  userId: string;
  reason: string;
  ifMatch: string | undefined;
  idempotencyKey: string | undefined;
}
