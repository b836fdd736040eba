import { Controller, Get, Header, Path, Query, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { UserPage, UserSummary } from '@ums/contracts/http/directory';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody } from '@ums/contracts/http/user';
import { etagOf } from '@ums/kit/http/etag';
import { readConsistently } from '../consistency/readConsistently.js';
import type { ProfileDeps } from '../profile/ownProfile.js';
import { readProfile, requireProfile } from '../profile/readProfile.js';
import { readSummary } from './readSummary.js';
import { userFilter } from './userFilter.js';
import { usersReader } from './usersReader.js';

@Route('users')
@Tags('Administration')
@Security('bearer', ['admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(503, 'not-yet-visible, dependency-unavailable')
export class DirectoryController extends Controller {
  constructor(private readonly deps: Omit<ProfileDeps, 'vault'>) {
    super();
  }

  /**
   * Returns users page by page: all in order of registration, or those that a search finds, in order of the texts that it
   * finds them by. With `search` and a time of registration, a page may hold fewer users than `limit`, or none, and still
   * have a next page.
   * @summary List and search users
   * @param limit number of users per page
   * @isInt limit invalid integer number
   * @minimum limit 1
   * @maximum limit 100
   * @param after `next` of the page before
   * @maxLength after 700
   * @param before `previous` of the page after; not together with `after`
   * @maxLength before 700
   * @param search finds the users whose name, a word of it or address begins with this text; case and accents do not matter
   * @minLength search 1
   * @maxLength search 100
   * @param status only users with this status
   * @param role only users who hold this role
   * @param registeredFrom only users who registered at this time or later, in ISO 8601 and UTC
   * @pattern registeredFrom ^[0-9-]{10}T[0-9:.]{8,12}Z$ must be a time such as 2026-01-31T12:00:00Z
   * @param registeredTo only users who registered at this time or earlier, in ISO 8601 and UTC
   * @pattern registeredTo ^[0-9-]{10}T[0-9:.]{8,12}Z$ must be a time such as 2026-01-31T12:00:00Z
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get()
  @SuccessResponse(200, 'A page of users')
  async listUsers(
    @Query() limit = 50,
    @Query() after?: string,
    @Query() before?: string,
    @Query() search?: string,
    @Query() status?: 'active' | 'suspended',
    @Query() role?: 'user' | 'admin' | 'auditor' | 'service',
    @Query() registeredFrom?: string,
    @Query() registeredTo?: string,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<UserPage> {
    const filter = userFilter({ search, status, role, registeredFrom, registeredTo });
    const readPage = usersReader(this.deps, { limit, after, before }, filter);
    return readConsistently(consistencyToken, this.deps.watch, readPage);
  }

  /**
   * Returns how many users there are, by status and role. The counts are kept, not counted, so this costs the same however
   * many there are.
   * @summary Count users
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get('summary')
  @SuccessResponse(200, 'The counts')
  async getUserSummary(@Header('X-Consistency-Token') consistencyToken?: string): Promise<UserSummary> {
    const { read, watch } = this.deps;
    return readConsistently(consistencyToken, watch, () => readSummary(read));
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
    const found = await readConsistently(consistencyToken, this.deps.watch, () => readProfile(this.deps, id));
    const profile = requireProfile(found);
    this.setHeader('ETag', etagOf(profile.revision));
    return profile;
  }
}
