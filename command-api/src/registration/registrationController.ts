import { Body, Controller, Extension, Post, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { ConfirmationSent, RegisterRequest, SendRequest } from '@ums/contracts/http/registration';
import { requestLocale } from '@ums/identity/page/requestLocale';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { requestMail } from '../mail-request/requestMail.js';
import { pictureOf } from '../picture/receivePicture.js';
import { register } from './register.js';
import type { RegistrationDeps } from './registrationDeps.js';

const SENT: ConfirmationSent = { status: 'confirmation-sent' };

@Route('auth')
@Tags('Registration')
@Response<Problem>(400, 'validation-failed')
export class RegistrationController extends Controller {
  constructor(private readonly deps: RegistrationDeps) {
    super();
  }

  /**
   * Starts a registration and sends a mail with a confirmation link. The response is the same for every address; if the
   * address already has an account, the mail says so. Sent as `multipart/form-data`, the same fields may come with a file
   * `picture`, as with the change of a user. `Accept-Language` decides the language of mails, English or German; users can
   * change it later.
   * @summary Register
   */
  @Post('register')
  @Extension('x-file', 'picture')
  @Extension('x-language', true)
  @SuccessResponse(202, 'Accepted; a mail follows')
  @Response<Problem>(413, 'picture-too-large')
  @Response<Problem>(415, 'not-a-picture')
  @Response<Problem>(429, 'too-many-attempts, too-many-uploads')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async register(@Body() body: RegisterRequest, @Request() request: HttpRequest): Promise<ConfirmationSent> {
    await register(this.deps, body, contextOf(request), {
      locale: requestLocale(request),
      picture: pictureOf(request),
    });
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
    await requestMail(this.deps, { ...body, purpose: 'confirm-registration' }, contextOf(request));
    this.setStatus(202);
    return SENT;
  }
}
