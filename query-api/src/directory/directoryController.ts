import { Controller, Get, Header, Path, Query, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody, UserPage } from '@ums/contracts/http/user';
import { etagOf } from '@ums/kit/http/etag';
import { readConsistently } from '../consistency/readConsistently.js';
import type { ProfileDeps } from '../profile/ownProfile.js';
import { readProfile, requireProfile } from '../profile/readProfile.js';
import { listProfiles } from './listProfiles.js';
import { requestedCursor } from './pageCursor.js';

@Route('users')
@Tags('Administration')
@Security('bearer', ['admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(503, 'not-yet-visible, dependency-unavailable')
export class DirectoryController extends Controller {
  constructor(private readonly deps: Pick<ProfileDeps, 'read' | 'watch'>) {
    super();
  }

  /**
   * Returns the users in order of registration, page by page.
   * @summary List users
   * @param limit number of users per page
   * @isInt limit invalid integer number
   * @minimum limit 1
   * @maximum limit 100
   * @param after `next` of the previous page
   * @maxLength after 100
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get()
  @SuccessResponse(200, 'A page of users')
  async listUsers(
    @Query() limit = 50,
    @Query() after?: string,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<UserPage> {
    const { read, watch } = this.deps;
    const cursor = requestedCursor(after);
    return readConsistently(consistencyToken, watch, () => listProfiles(read, limit, cursor));
  }

  /**
   * @summary Read one user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get('{id}')
  @SuccessResponse<{ ETag: string }>(200, 'The user')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(503, 'not-yet-visible, profile-unavailable, dependency-unavailable')
  async getUserById(@Path() id: string, @Header('X-Consistency-Token') consistencyToken?: string): Promise<UserBody> {
    const { read, watch } = this.deps;
    const profile = requireProfile(await readConsistently(consistencyToken, watch, () => readProfile(read, id)));
    this.setHeader('ETag', etagOf(profile.revision));
    return profile;
  }
}
