import { Body, Controller, Get, Post, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type {
  LoginRequest,
  LogoutRequest,
  OpenedSession,
  RefreshRequest,
  TokenPair,
} from '@ums/contracts/http/session';
import { type AuthenticationDeps, authenticate } from '@ums/identity/authenticate';
import { bearerToken } from '@ums/kit/http/request/bearerToken';
import { contextOf } from '@ums/kit/http/request/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import { consistencyHeader } from '../change/consistencyHeader.js';
import { addressInput } from '../input/personInput.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { refresh } from './refresh.js';
import type { SessionDeps } from './sessionDeps.js';

@Route('auth')
@Tags('Session')
@Response<Problem>(400, 'validation-failed')
export class SessionController extends Controller {
  constructor(private readonly deps: SessionDeps & AuthenticationDeps) {
    super();
  }

  /**
   * Starts a session. With a wrong password the response is the same for every address; that the address is not confirmed or
   * the account is suspended is reported only with the correct password.
   * @summary Log in
   */
  @Post('login')
  @SuccessResponse<{ 'X-Consistency-Token': string }>(200, 'The tokens of a new session, and the user')
  @Response<Problem>(401, 'credentials-invalid')
  @Response<Problem>(403, 'email-not-confirmed, account-suspended')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async login(@Body() body: LoginRequest, @Request() request: HttpRequest): Promise<OpenedSession> {
    const credentials = { email: addressInput(body.email), password: body.password };
    const context = contextOf(request);
    const loggedIn = await login(this.deps, credentials, context);
    context.userId = loggedIn.body.user.id;
    this.setHeader(...consistencyHeader(this.deps, loggedIn.position));
    return loggedIn.body;
  }

  /**
   * Exchanges a refresh token for a new pair of tokens. Each refresh token can be used once. A repeat within a grace period
   * (30 seconds unless configured otherwise), and before the new refresh token is used, returns the same refresh token. Any
   * other repeat ends the session.
   * @summary Refresh
   */
  @Post('refresh')
  @SuccessResponse(200, 'A new pair of tokens')
  @Response<Problem>(401, 'refresh-token-invalid')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async refresh(@Body() body: RefreshRequest, @Request() request: HttpRequest): Promise<TokenPair> {
    return await refresh(this.deps, body.refreshToken, contextOf(request));
  }

  /**
   * Like `POST`, with the refresh token as Bearer token. For clients of the previous API.
   * @summary Refresh with a Bearer token
   */
  @Get('refresh')
  @SuccessResponse(200, 'A new pair of tokens')
  @Response<Problem>(401, 'refresh-token-invalid')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async refreshByBearer(@Request() request: HttpRequest): Promise<TokenPair> {
    const token = bearerToken(request.get('authorization'));
    // It is no forged token, which would be counted for the source: a page that the user has open may have caused it.
    if (token === undefined) throw new Refused('refresh-token-invalid');
    return await refresh(this.deps, BEARER_TOKEN.test(token) ? token : '', contextOf(request));
  }

  /**
   * Ends the session of the access token. If there is none, or it has expired, ends the session of the refresh token in the
   * body. Commands refuse the tokens of the session at once, reads within a second.
   * @summary Log out
   */
  @Post('logout')
  @SuccessResponse(204, 'The session has ended')
  @Response<Problem>(401, 'unauthenticated')
  @Response<Problem>(429, 'too-many-attempts, too-many-requests')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async logout(@Request() request: HttpRequest, @Body() body?: LogoutRequest): Promise<void> {
    const confirmCaller = async () => liveCaller(this.deps, await authenticate(request, [], this.deps));
    await logout(this.deps, { confirmCaller, refreshToken: body?.refreshToken }, contextOf(request));
  }
}

/** RFC 6750 §2.1. */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]{1,1000}=*$/;
