import { Body, Controller, Get, Post, Query, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type {
  ConfirmationSent,
  Confirmed,
  ConfirmRequest,
  RegisterRequest,
  SendRequest,
} from '@ums/contracts/http/registration';
import { sendPage } from '@ums/kit/http/browserPages';
import { contextOf } from '@ums/kit/http/requestContext';
import type { Request as HttpRequest } from 'express';
import { consistencyHeader } from '../change/consistencyHeader.js';
import { confirm } from './confirm.js';
import { register } from './register.js';
import type { RegistrationRouteDeps } from './registrationDeps.js';
import { resendConfirmation } from './resendConfirmation.js';

const SENT: ConfirmationSent = { status: 'confirmation-sent' };

@Route('auth')
@Tags('Registration')
@Response<Problem>(400, 'validation-failed')
export class RegistrationController extends Controller {
  constructor(private readonly deps: RegistrationRouteDeps) {
    super();
  }

  /**
   * Starts a registration and sends a mail with a confirmation link. The response is the same for every address; if the
   * address already has an account, the mail says so.
   * @summary Register
   */
  @Post('register')
  @SuccessResponse(202, 'Accepted; a mail follows')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async register(@Body() body: RegisterRequest, @Request() request: HttpRequest): Promise<ConfirmationSent> {
    await register(this.deps, body, contextOf(request));
    this.setStatus(202);
    return SENT;
  }

  /**
   * Sends the confirmation mail again if registrations of this address wait for confirmation. The response is the same for
   * every address.
   * @summary Resend the confirmation mail
   */
  @Post('send')
  @SuccessResponse(202, 'Accepted; a mail follows if a registration is waiting')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async sendConfirmation(@Body() body: SendRequest, @Request() request: HttpRequest): Promise<ConfirmationSent> {
    await resendConfirmation(this.deps, body, contextOf(request));
    this.setStatus(202);
    return SENT;
  }

  /**
   * The page behind the mailed link. It asks for the password and is the same for every token. Opening it changes nothing.
   * Browsers get problems as a page too.
   * @summary Show the confirmation page
   * @param token The token from the mailed link.
   * @maxLength token 1000
   */
  @Get('confirm')
  @SuccessResponse(200, 'The confirmation page', 'text/html')
  async showConfirmPage(@Request() request: HttpRequest, @Query() token = ''): Promise<string> {
    const page = this.deps.confirmPages.ask(token);
    if (request.res !== undefined) sendPage(request.res, 200, page);
    return page.html;
  }

  /**
   * Activates the account. Requires both the token from the mail and the password chosen at registration. A repeated request
   * gets the same response until the token expires. So does the token of another mail to the address, with the password of
   * the account. The HTML form of the confirmation page is accepted too and answered with a page, also when it fails.
   * @summary Confirm a registration
   */
  @Post('confirm')
  @SuccessResponse<{ 'X-Consistency-Token': string }>(200, 'The account is active')
  @Response<Problem>(400, 'token-invalid, validation-failed')
  @Response<Problem>(403, 'password-invalid')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async confirm(@Body() body: ConfirmRequest, @Request() request: HttpRequest): Promise<Confirmed> {
    const { position } = await confirm(this.deps, body, contextOf(request));
    this.setHeader(...consistencyHeader(this.deps, position));
    return { status: 'confirmed' };
  }
}
