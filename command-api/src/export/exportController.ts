import {
  Body,
  Controller,
  Extension,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { ExportRequest } from '@ums/contracts/http/export';
import type { Problem } from '@ums/contracts/http/problem';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/request/requestContext';
import { responseOf } from '@ums/kit/http/request/responseOf';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import type { ExportDeps } from './exportDeps.js';
import { exportOwn } from './exportOwn.js';

@Route('user/export')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
export class ExportController extends Controller {
  constructor(private readonly deps: ExportDeps) {
    super();
  }

  /**
   * Returns everything that is stored about you as a zip archive: profile, history in clear, sessions, roles, picture, mails, and the
   * proof of the history. Its `README.txt` explains the files. Requires your password. One export is sent to you in a day (UTC), also
   * if it broke off, unless another reader took its place: an archive that is incomplete has no directory at its end. Your history
   * shows that it was made.
   * @summary Export your data
   */
  @Post()
  @SuccessResponse(200, 'The archive')
  @Response<Problem>(403, 'password-invalid')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, not-signed-yet, dependency-unavailable')
  @Extension('x-answers', 'application/zip')
  async exportOwn(@Body() body: ExportRequest, @Request() request: HttpRequest): Promise<void> {
    const confirmCaller = () => liveCaller(this.deps, principalOf(request));
    const { userId } = await confirmCaller();
    const own = { userId, password: body.password, confirmCaller };
    await exportOwn(this.deps, own, contextOf(request), responseOf(request));
  }
}
