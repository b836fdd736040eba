import { Controller, Get, Header, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { etagOf } from '@ums/kit/http/etag';
import type { Request as HttpRequest } from 'express';
import { ownProfile, type ProfileDeps } from './ownProfile.js';

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(503, 'not-yet-visible, profile-unavailable, dependency-unavailable')
export class ProfileController extends Controller {
  constructor(private readonly deps: ProfileDeps) {
    super();
  }

  /**
   * Returns the caller's own profile. Use the `ETag` as `If-Match` of a change; reads never return 304.
   * @summary Read your own profile
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get()
  @SuccessResponse<{ ETag: string }>(200, "The caller's profile")
  async getUser(
    @Request() request: HttpRequest,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<UserBody> {
    const profile = await ownProfile(this.deps, principalOf(request).userId, consistencyToken);
    this.setHeader('ETag', etagOf(profile.revision));
    return profile;
  }
}
