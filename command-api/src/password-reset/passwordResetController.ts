import { Body, Controller, Post, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { PasswordResetRequest, ResetSent } from '@ums/contracts/http/registration';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { requestMail } from '../mail-request/requestMail.js';

@Route('auth')
@Tags('Session')
@Response<Problem>(400, 'validation-failed')
export class PasswordResetController extends Controller {
  constructor(private readonly deps: CredentialDeps) {
    super();
  }

  /**
   * Sends a mail with a link to choose a new password, if the address has an account. The link works for an hour, until the
   * password, the address or the roles change or the account is suspended: its page, or `POST /auth/confirm`, takes the new password.
   * If registrations of the address wait for confirmation instead, their mail is sent again. The response is the same for every
   * address.
   * @summary Reset a forgotten password
   */
  @Post('password-reset')
  @SuccessResponse(202, 'Accepted; a mail follows if the address has an account')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async requestPasswordReset(@Body() body: PasswordResetRequest, @Request() request: HttpRequest): Promise<ResetSent> {
    await requestMail(this.deps, { ...body, purpose: 'reset-password' }, contextOf(request));
    this.setStatus(202);
    return { status: 'reset-sent' };
  }
}
