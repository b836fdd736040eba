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
import type { GrantBody, GrantDecisionRequest, GrantRequest } from '@ums/contracts/http/grant';
import type { Problem } from '@ums/contracts/http/problem';
import { AUDIT_ROLES } from '@ums/contracts/roles';
import { grantBody } from '@ums/identity/grant/grantBody';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import { idempotencyKeyOf } from '../change/idempotency.js';
import { type AskDeps, askForAccess, type ConfirmAuditor } from './askForAccess.js';
import { decideOnAccess, endAccess } from './decideOnAccess.js';

@Route('audit/grants')
@Tags('Audit')
@Security('bearer', ['auditor', 'admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(404, 'not-found')
@Response<Problem>(503, 'busy, dependency-unavailable')
export class GrantController extends Controller {
  constructor(private readonly deps: AskDeps) {
    super();
  }

  /**
   * Asks to see the personal values of a user for a time. Another auditor or administrator must approve. Without a decision the
   * request ends after seven days, and at most 20 of one caller wait at a time. The user sees neither the request nor its
   * purpose, but later who read what. That a user was erased is put on record before the answer says so.
   * @summary Ask to see personal values
   */
  @Post()
  @SuccessResponse(201, 'The grant, which is not decided yet')
  @Response<Problem>(403, 'forbidden, password-invalid')
  @Response<Problem>(409, 'conflict, grants-waiting')
  @Response<Problem>(410, 'user-erased')
  @Response<Problem>(422, 'idempotency-key-reused')
  @Response<Problem>(429, 'too-many-attempts')
  async askForAccess(
    @Body() body: GrantRequest,
    @Request() request: HttpRequest,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<GrantBody> {
    const headers = { idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const userId = body.userId.toLowerCase();
    const asked = { ...body, userId, ...headers, confirmCaller: this.confirmCaller(request) };
    const { id, read } = await askForAccess(this.deps, asked, contextOf(request));
    this.setStatus(201);
    return grantBody(id, read, read.grant.askedBy);
  }

  /**
   * Approves or refuses a grant, once, within seven days after it was asked for. Neither who asked may decide, nor the user it
   * concerns. An approved grant is open from now on for the minutes that were asked for.
   * @summary Decide on a grant
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Post('{id}/decision')
  @SuccessResponse(200, 'The grant')
  @Response<Problem>(403, 'forbidden, own-grant, password-invalid')
  @Response<Problem>(409, 'conflict, grant-closed')
  @Response<Problem>(429, 'too-many-attempts')
  async decideOnAccess(
    @Path() id: string,
    @Body() body: GrantDecisionRequest,
    @Request() request: HttpRequest,
  ): Promise<GrantBody> {
    const decision = { ...body, grantId: id, confirmCaller: this.confirmCaller(request) };
    const { read, by } = await decideOnAccess(this.deps, decision, contextOf(request));
    return grantBody(id, read, by);
  }

  /**
   * Ends a grant, decided or not: for the requester, and for administrators whose history it does not open. Has no effect on one that was refused or has ended.
   * @summary End a grant
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Delete('{id}')
  @SuccessResponse(204, 'Ended')
  @Response<Problem>(403, 'forbidden, own-grant')
  @Response<Problem>(409, 'conflict')
  async endAccess(@Path() id: string, @Request() request: HttpRequest): Promise<void> {
    await endAccess(this.deps, { grantId: id, confirmCaller: this.confirmCaller(request) }, contextOf(request));
  }

  private confirmCaller(request: HttpRequest): ConfirmAuditor {
    return () => liveCaller(this.deps, principalOf(request), ...AUDIT_ROLES);
  }
}
