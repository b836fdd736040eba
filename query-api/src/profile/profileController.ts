import {
  Controller,
  Get,
  Header,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { etagOf } from '@ums/kit/http/request/etag';
import type { Request as HttpRequest } from 'express';
import type { OwnHistoryDeps } from '../history/historyDeps.js';
import { momentOf } from '../history/moment.js';
import { ownPastProfile } from '../history/pastProfile.js';
import { ownProfile, type ProfileDeps } from './ownProfile.js';

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(503, 'not-yet-visible, profile-unavailable, dependency-unavailable')
export class ProfileController extends Controller {
  constructor(private readonly deps: ProfileDeps & OwnHistoryDeps) {
    super();
  }

  /**
   * Returns the caller's own profile, or with `asOf` the profile as it was. Use the `ETag` as `If-Match` of a change; reads never
   * return 304.
   * @summary Read your own profile
   * @param asOf a revision, or a time in RFC 3339: the profile just after that revision or at that time, without links to
   * its picture. Read from the event log, so `X-Consistency-Token` has no effect on it.
   * @pattern asOf ^([0-9]{1,15}|[0-9-]{10}[^0-9][0-9:.]{5,18}[^0-9]{1,4}[0-9:]{0,5})$ must be a revision, or a time that exists, with Z or an offset, such as 2026-01-31T12:00:00Z
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get()
  @SuccessResponse<{ ETag: string }>(200, "The caller's profile")
  @Response<Problem>(404, 'not-found')
  async getUser(
    @Request() request: HttpRequest,
    @Query() asOf?: string,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<UserBody> {
    const { userId } = principalOf(request);
    const profile =
      asOf === undefined
        ? await ownProfile(this.deps, userId, consistencyToken)
        : await ownPastProfile(this.deps, userId, momentOf(asOf));
    this.setHeader('ETag', etagOf(profile.revision));
    return profile;
  }
}
