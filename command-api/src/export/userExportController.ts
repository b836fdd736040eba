import {
  Body,
  Controller,
  Extension,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { ExportUserRequest } from '@ums/contracts/http/export';
import type { Problem } from '@ums/contracts/http/problem';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/request/requestContext';
import { responseOf } from '@ums/kit/http/request/responseOf';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import type { ExportDeps } from './exportDeps.js';
import { exportForAdministrator } from './exportForAdministrator.js';

@Route('users')
@Tags('Administration')
@Security('bearer', ['admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
export class UserExportController extends Controller {
  constructor(private readonly deps: ExportDeps) {
    super();
  }

  /**
   * Returns everything that is stored about a user as a zip archive, as the user gets it, also about one who is suspended. Requires
   * the administrator's own password, and a grant that the administrator asked for and that is open. The export is put on record
   * before it is sent, and the user sees it. Administrators get one export of a user in a day (UTC), which does not count as the
   * user's own.
   * @summary Export the data of a user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Post('{id}/export')
  @SuccessResponse(200, 'The archive')
  @Response<Problem>(403, 'forbidden, password-invalid, grant-required')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(410, 'user-erased')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, not-signed-yet, dependency-unavailable')
  @Extension('x-answers', 'application/zip')
  async exportUser(
    @Path() id: string,
    @Body() body: ExportUserRequest,
    @Request() request: HttpRequest,
  ): Promise<void> {
    const confirmCaller = () => liveCaller(this.deps, principalOf(request), 'admin');
    const asked = { ...body, grant: body.grant.toLowerCase(), userId: id, confirmCaller };
    await exportForAdministrator(this.deps, asked, contextOf(request), responseOf(request));
  }
}
