import { Controller, Get, Header, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { etagOf } from '@ums/kit/http/etag';
import type { Request as HttpRequest } from 'express';
import type { QueryDeps } from '../queryDeps.js';
import { ownProfile } from './ownProfile.js';

const PROBLEM = 'application/problem+json';

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'The consistency token is not one of this log', undefined, PROBLEM)
@Response<Problem>(401, 'No living access token', undefined, PROBLEM)
@Response<Problem>(503, 'Not visible yet, or a part of the service is down', undefined, PROBLEM)
export class UserController extends Controller {
  constructor(private readonly deps: QueryDeps) {
    super();
  }

  /**
   * The own profile. `ETag` is for `If-Match` alone.
   * @summary Read the own profile
   * @param consistencyToken from the answer of a command: waits up to two seconds until it is visible
   */
  @Get()
  @SuccessResponse<{ ETag: string }>(200, 'The own profile')
  async getUser(
    @Request() request: HttpRequest,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<UserBody> {
    const profile = await ownProfile(this.deps, principalOf(request).userId, consistencyToken);
    this.setHeader('ETag', etagOf(profile.revision));
    return profile;
  }
}
