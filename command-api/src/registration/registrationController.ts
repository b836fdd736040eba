import { Body, Controller, Get, Post, Query, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import { CONSISTENCY_HEADER, formatConsistencyToken } from '@ums/contracts/consistencyToken';
import type { Problem } from '@ums/contracts/http/problem';
import type {
  ConfirmationSent,
  Confirmed,
  ConfirmRequest,
  RegisterRequest,
  SendRequest,
} from '@ums/contracts/http/registration';
import { contextOf } from '@ums/kit/http/requestContext';
import type { Request as HttpRequest } from 'express';
import type { ApiDeps } from '../commandDeps.js';
import { confirm } from './confirm.js';
import { sendPage } from './confirmForm.js';
import { confirmPage } from './confirmPage.js';
import { register } from './register.js';
import { sendAgain } from './sendAgain.js';

const SENT: ConfirmationSent = { status: 'confirmation-sent' };

@Route('auth')
@Tags('Registration')
@Response<Problem>(400, 'validation-failed')
export class RegistrationController extends Controller {
  constructor(private readonly deps: ApiDeps) {
    super();
  }

  /**
   * Asks for an account. The answer is the same whether or not the address is known; the mail tells its owner.
   * @summary Register
   */
  @Post('register')
  @SuccessResponse(202, 'A mail is on its way')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async register(@Body() body: RegisterRequest, @Request() request: HttpRequest): Promise<ConfirmationSent> {
    await register(this.deps, body, contextOf(request));
    this.setStatus(202);
    return SENT;
  }

  /**
   * Sends the mails of registrations that wait for this address again. The answer is the same for every address.
   * @summary Send the confirmation again
   */
  @Post('send')
  @SuccessResponse(202, 'A mail is on its way, if one was waited for')
  @Response<Problem>(503, 'dependency-unavailable')
  async sendConfirmation(@Body() body: SendRequest, @Request() request: HttpRequest): Promise<ConfirmationSent> {
    await sendAgain(this.deps, body, contextOf(request));
    this.setStatus(202);
    return SENT;
  }

  /**
   * The page of the mailed link: the same for every token, and it changes nothing. It asks for the password.
   * @summary The page of the mailed link
   * @param token as it stood in the mail
   * @maxLength token 1000
   */
  @Get('confirm')
  @SuccessResponse(200, 'The page', 'text/html')
  async showConfirmPage(@Request() request: HttpRequest, @Query() token = ''): Promise<string> {
    const page = confirmPage(token);
    if (request.res !== undefined) sendPage(request.res, 200, page);
    return page;
  }

  /**
   * Proves the address with the mailed token, and its owner with the password chosen at registration. A repeat answers
   * alike until the token expires. A browser's form is taken too, and answered by a page.
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
    this.setHeader(CONSISTENCY_HEADER, formatConsistencyToken({ logId: this.deps.logId, position }));
    return { status: 'confirmed' };
  }
}
