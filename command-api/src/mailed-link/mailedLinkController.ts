import {
  Body,
  Controller,
  Extension,
  Get,
  Post,
  Query,
  Request,
  Response,
  Route,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { Confirmed, ConfirmRequest } from '@ums/contracts/http/registration';
import { requestLocale } from '@ums/identity/page/requestLocale';
import { sendPage } from '@ums/kit/http/problem/browserPages';
import { contextOf } from '@ums/kit/http/request/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request as HttpRequest } from 'express';
import { consistencyHeader } from '../change/consistencyHeader.js';
import { followLink } from './followLink.js';
import type { MailedLinkDeps } from './mailedLinkDeps.js';

const NO_TOKEN = { field: 'token', message: 'must be the whole token of a mailed link' };

@Route('auth')
@Tags('Registration')
@Response<Problem>(400, 'validation-failed')
export class MailedLinkController extends Controller {
  constructor(private readonly deps: MailedLinkDeps) {
    super();
  }

  /**
   * The page behind a mailed link. It is the same for every token of a registration, and so are the pages for a new address, for
   * undoing a change of the address and for a new password. Only what has not even the form of a token, such as a link that was
   * cut off, gets 400. Opening the page changes nothing. Its language follows `Accept-Language`: English or German. Browsers get
   * problems as a page too.
   * @summary Show the confirmation page
   * @param token The token from the mailed link.
   * @maxLength token 1000
   */
  @Get('confirm')
  @Extension('x-language', true)
  @SuccessResponse(200, 'The confirmation page', 'text/html')
  async showConfirmPage(@Request() request: HttpRequest, @Query() token = ''): Promise<string> {
    if (this.deps.mailTokens.read(token) === undefined) throw new Refused('validation-failed', { errors: [NO_TOKEN] });
    const page = this.deps.confirmPages.ask(token, requestLocale(request));
    if (request.res !== undefined) sendPage(request.res, 200, page);
    return page.html;
  }

  /**
   * Does what the mailed link is for. The link of a registration activates the account, with the password chosen at
   * registration; another mail's link to the address gets the same response with the password of the account. Users who have
   * forgotten that password, or were registered by someone else, send `name` and `newPassword` instead, which take the place of
   * what was sent at registration, as long as the address has no account; `Accept-Language` decides the language of mails then. The
   * link to a new address makes it the address of the account, with the password of the account. The link to the previous address
   * refuses or undoes the change, without a password, and ends all sessions. The link of a reset sets the new password, and ends all
   * sessions; it starts none.
   *
   * A repeated request gets the same response until the token expires. The HTML form of the page is accepted too and answered
   * with a page, also when it fails. It has a new password twice, as `newPassword` and `newPasswordAgain`.
   * @summary Do what a mailed link is for
   */
  @Post('confirm')
  @Extension('x-page', true)
  @Extension('x-language', true)
  @Extension('x-form', { newPasswordAgain: 'Required with `newPassword`: the same password.' })
  @SuccessResponse<{ 'X-Consistency-Token': string }>(200, 'Done')
  @Response<Problem>(400, 'token-invalid, validation-failed')
  @Response<Problem>(403, 'password-invalid, account-suspended')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async confirm(@Body() body: ConfirmRequest, @Request() request: HttpRequest): Promise<Confirmed> {
    const { status, position } = await followLink(this.deps, body, contextOf(request), requestLocale(request));
    this.setHeader(...consistencyHeader(this.deps, position));
    return { status };
  }
}
