import {
  Body,
  Controller,
  Delete,
  Header,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import { RECEIPT_HEADER } from '@ums/contracts/http/erasure';
import type { Problem } from '@ums/contracts/http/problem';
import type { EraseRequest } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { ifMatchRevision } from '@ums/kit/http/request/etag';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import { consistencyHeader } from '../change/consistencyHeader.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { eraseUser } from './eraseUser.js';

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(412, 'stale-revision')
@Response<Problem>(503, 'dependency-unavailable')
export class ErasureController extends Controller {
  constructor(private readonly deps: CredentialDeps) {
    super();
  }

  /**
   * Erases the caller permanently. Their personal data becomes unreadable at once, also in the event history.
   *
   * If the response is lost, a repeat gets 401 once the erasure has taken effect, because the access token is revoked. The last
   * mail to the person has the id of the receipt.
   * @summary Erase yourself
   * @param ifMatch the `ETag` of the profile to erase; without it, the current one is erased
   */
  @Delete()
  @SuccessResponse<{ 'Erasure-Receipt': string; 'X-Consistency-Token': string }>(204, 'Erased')
  @Response<Problem>(403, 'password-invalid')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async eraseUser(
    @Body() body: EraseRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<void> {
    await this.erase(body, request, ifMatch);
  }

  /**
   * The same as `DELETE /user`, for clients behind a proxy that drops the body of a `DELETE`.
   * @summary Erase yourself with POST
   * @param ifMatch the `ETag` of the profile to erase; without it, the current one is erased
   */
  @Post('erasure')
  @SuccessResponse<{ 'Erasure-Receipt': string; 'X-Consistency-Token': string }>(204, 'Erased')
  @Response<Problem>(403, 'password-invalid')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async eraseUserByPost(
    @Body() body: EraseRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<void> {
    await this.erase(body, request, ifMatch);
  }

  private async erase(body: EraseRequest, request: HttpRequest, ifMatch: string | undefined): Promise<void> {
    const confirmCaller = () => liveCaller(this.deps, principalOf(request));
    const { userId } = await confirmCaller();
    const erasure = {
      userId,
      password: body.password,
      ifMatch: ifMatchRevision(ifMatch),
      confirmCaller,
    };
    const { position, receipt } = await eraseUser(this.deps, erasure, contextOf(request));
    this.setHeader(...consistencyHeader(this.deps, position));
    this.setHeader(RECEIPT_HEADER, receipt);
  }
}
