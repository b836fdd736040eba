import {
  Body,
  Controller,
  Header,
  Path,
  Put,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { RolesRequest } from '@ums/contracts/http/administration';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { ifMatchRevision } from '@ums/kit/http/request/etag';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import { idempotencyKeyOf } from '../change/idempotency.js';
import { type ProfileAnswerDeps, userAnswer } from '../change/userAnswer.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { replaceRoles } from './replaceRoles.js';

@Route('users')
@Tags('Administration')
@Security('bearer', ['admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
export class RolesController extends Controller {
  constructor(private readonly deps: CredentialDeps & ProfileAnswerDeps) {
    super();
  }

  /**
   * Replaces the roles of a user. Granting `admin` or `auditor` requires the administrator's own password. The access tokens
   * of the user become invalid at once, their sessions continue, and the next refresh gives a token with the new roles. The
   * last active administrator cannot lose the role `admin`, and a suspended user can be given no role.
   * @summary Replace the roles of a user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Put('{id}/roles')
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The user')
  @Response<Problem>(403, 'forbidden, password-invalid, account-suspended')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict, last-administrator')
  @Response<Problem>(412, 'stale-revision')
  @Response<Problem>(422, 'idempotency-key-reused')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async replaceRoles(
    @Path() id: string,
    @Body() body: RolesRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    const headers = { ifMatch: ifMatchRevision(ifMatch), idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const confirmCaller = () => liveCaller(this.deps, principalOf(request), 'admin');
    const replacement = { ...body, ...headers, userId: id, confirmCaller };
    return userAnswer(this, this.deps, await replaceRoles(this.deps, replacement, contextOf(request)));
  }
}
