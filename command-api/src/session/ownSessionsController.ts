import {
  Body,
  Controller,
  Get,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { EndSessionsRequest, SessionListBody } from '@ums/contracts/http/session';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import { endOwnSessions } from './endOwnSessions.js';
import { listSessions } from './listSessions.js';
import type { SessionDeps } from './sessionDeps.js';

@Route('user/sessions')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(503, 'dependency-unavailable')
export class OwnSessionsController extends Controller {
  constructor(private readonly deps: SessionDeps) {
    super();
  }

  /**
   * Lists the sessions that can still be refreshed, the current one first, a hundred at most. Where each was started from is in the
   * history with `include=sessions`.
   * @summary List your sessions
   */
  @Get()
  @SuccessResponse(200, 'Your sessions')
  async listSessions(@Request() request: HttpRequest): Promise<SessionListBody> {
    return listSessions(this.deps, await liveCaller(this.deps, principalOf(request)));
  }

  /**
   * Ends all sessions but that of the access token, also those that the list has no room for. Commands refuse their tokens at once,
   * reads within a second. After a 503 some of them may have ended; a repeat ends the others.
   * @summary End your other sessions
   */
  @Post('end')
  @SuccessResponse(204, 'The other sessions have ended')
  @Response<Problem>(403, 'password-invalid')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async endOtherSessions(@Body() body: EndSessionsRequest, @Request() request: HttpRequest): Promise<void> {
    await this.end(body, request);
  }

  /**
   * Ends one of the caller's sessions. Commands refuse its tokens at once, reads within a second. If the response is lost, a repeat
   * gets 404: the session has ended.
   * @summary End one of your sessions
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Post('{id}/end')
  @SuccessResponse(204, 'The session has ended')
  @Response<Problem>(403, 'password-invalid')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async endOneSession(
    @Path() id: string,
    @Body() body: EndSessionsRequest,
    @Request() request: HttpRequest,
  ): Promise<void> {
    await this.end(body, request, { sessionId: id });
  }

  private async end(
    { password }: EndSessionsRequest,
    request: HttpRequest,
    session: { sessionId?: string } = {},
  ): Promise<void> {
    const confirmCaller = () => liveCaller(this.deps, principalOf(request));
    const { userId } = await confirmCaller();
    await endOwnSessions(this.deps, { userId, password, ...session, confirmCaller }, contextOf(request));
  }
}
