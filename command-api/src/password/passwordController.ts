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
import type { TokenPair } from '@ums/contracts/http/session';
import type { ChangePasswordRequest } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { etagOf, ifMatchRevision } from '@ums/kit/http/request/etag';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import { consistencyHeader } from '../change/consistencyHeader.js';
import { type ChangeLimits, changeLimitOf, PROVEN_CHANGE_ROUTE } from '../profile/changeLimit.js';
import type { SessionDeps } from '../session/sessionDeps.js';
import { changePassword } from './changePassword.js';

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
export class PasswordController extends Controller {
  constructor(private readonly deps: SessionDeps & ChangeLimits) {
    super();
  }

  /**
   * Replaces the password, with the current one. All sessions of the user end: commands refuse their tokens at once, reads within a
   * second. The response has the tokens of a new session for the caller. A requested change of the address ends too, and the user gets
   * a mail.
   *
   * If the response is lost, log in with the new password: the access token of the request is revoked, so a repeat cannot
   * change the password again.
   * @summary Change your password
   * @param ifMatch the `ETag` of the profile whose password is changed; without it, that of the current one
   */
  @Put('password')
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The tokens of a new session')
  @Response<Problem>(403, 'password-invalid, account-suspended')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(412, 'stale-revision')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async changePassword(
    @Body() body: ChangePasswordRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<TokenPair> {
    const confirmCaller = () => liveCaller(this.deps, principalOf(request));
    const { userId } = await confirmCaller();
    const limit = changeLimitOf(this.deps, userId, PROVEN_CHANGE_ROUTE);
    const input = { ...body, userId, limit, confirmCaller, ifMatch: ifMatchRevision(ifMatch) };
    const { user, tokens } = await changePassword(this.deps, input, contextOf(request));
    this.setHeader('ETag', etagOf(user.revision));
    this.setHeader(...consistencyHeader(this.deps, user.position));
    return tokens;
  }
}
