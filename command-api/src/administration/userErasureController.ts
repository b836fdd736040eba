import {
  Body,
  Controller,
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
import type { EraseByAdministratorRequest } from '@ums/contracts/http/administration';
import { RECEIPT_HEADER } from '@ums/contracts/http/erasure';
import type { Problem } from '@ums/contracts/http/problem';
import { principalOf } from '@ums/identity/principal';
import { ifMatchRevision } from '@ums/kit/http/request/etag';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import { consistencyHeader } from '../change/consistencyHeader.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { eraseByAdministrator } from './eraseByAdministrator.js';

@Route('users')
@Tags('Administration')
@Security('bearer', ['admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
export class UserErasureController extends Controller {
  constructor(private readonly deps: CredentialDeps) {
    super();
  }

  /**
   * Erases a user permanently, also one who is suspended. Requires the administrator's own password. The user's personal data
   * becomes unreadable at once, also in the event history, and so does the reason. The last active administrator cannot be
   * erased in this way. A repeat gets the same receipt.
   * @summary Erase a user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   * @param ifMatch the `ETag` of the user to erase; without it, the current one is erased
   */
  @Post('{id}/erasure')
  @SuccessResponse<{ 'Erasure-Receipt': string; 'X-Consistency-Token': string }>(204, 'Erased')
  @Response<Problem>(403, 'forbidden, password-invalid')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict, last-administrator')
  @Response<Problem>(412, 'stale-revision')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async eraseByAdministrator(
    @Path() id: string,
    @Body() body: EraseByAdministratorRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
  ): Promise<void> {
    const confirmCaller = () => liveCaller(this.deps, principalOf(request), 'admin');
    const { reason, password } = body;
    const erasure = { userId: id, reason, password, ifMatch: ifMatchRevision(ifMatch), confirmCaller };
    const { position, receipt } = await eraseByAdministrator(this.deps, erasure, contextOf(request));
    this.setHeader(...consistencyHeader(this.deps, position));
    this.setHeader(RECEIPT_HEADER, receipt);
  }
}
