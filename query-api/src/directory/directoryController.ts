import {
  Controller,
  Example,
  Get,
  Header,
  Path,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { SearchText, UserPage, UserSummary } from '@ums/contracts/http/directory';
import type { PastUserBody } from '@ums/contracts/http/history';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { etagOf } from '@ums/kit/http/request/etag';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { readConsistently } from '../consistency/readConsistently.js';
import type { HistoryDeps } from '../history/historyDeps.js';
import { momentOf, NOW } from '../history/moment.js';
import { pastProfile } from '../history/pastProfile.js';
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
  constructor(private readonly deps: Omit<ProfileDeps, 'vault'> & HistoryDeps) {
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
   * @param status only users with this status
   * @param role only users who hold this role
   * @param registeredFrom only users who registered at this time or later, in RFC 3339
   * @pattern registeredFrom ^[0-9-]{10}[^0-9][0-9:.]{5,18}[^0-9]{1,4}[0-9:]{0,5}$ must be a time that exists, with Z or an offset, such as 2026-01-31T12:00:00Z
   * @param registeredTo only users who registered at this time or earlier, in RFC 3339
   * @pattern registeredTo ^[0-9-]{10}[^0-9][0-9:.]{5,18}[^0-9]{1,4}[0-9:]{0,5}$ must be a time that exists, with Z or an offset, such as 2026-01-31T12:00:00Z
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get()
  @SuccessResponse(200, 'A page of users')
  async listUsers(
    @Query() limit = 50,
    @Query() after?: string,
    @Query() before?: string,
    @Query() search?: SearchText,
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
   * Returns a user: to administrators in clear; to auditors, and to both with `asOf`, with name and address masked unless `grant`
   * is open. A masked profile comes from the event log, and the read is put on record before the answer.
   * @summary Read one user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   * @param asOf a revision, or a time in RFC 3339: the profile just after that revision or at that time, without links to
   * its picture. Read from the event log, so `X-Consistency-Token` has no effect on it.
   * @pattern asOf ^([0-9]{1,15}|[0-9-]{10}[^0-9][0-9:.]{5,18}[^0-9]{1,4}[0-9:]{0,5})$ must be a revision, or a time that exists, with Z or an offset, such as 2026-01-31T12:00:00Z
   * @param grant of your own request for access to this user; without one that is open, values are masked
   * @pattern grant ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ must be an id
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get('{id}')
  @Security('bearer', ['auditor', 'admin'])
  @SuccessResponse<{ ETag: string }>(200, 'The user')
  @Example<UserBody>({
    id: '0199c0de-0000-4000-8000-000000000001',
    email: 'ada@example.org',
    name: 'Ada Lovelace',
    status: 'active',
    roles: ['user'],
    locale: 'en',
    registeredAt: '2026-01-01T12:00:00.000Z',
    revision: 0,
    picture: null,
    mailBlock: null,
  })
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(410, 'user-erased')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'not-yet-visible, profile-unavailable, dependency-unavailable')
  async getUserById(
    @Request() request: HttpRequest,
    @Path() id: string,
    @Query() asOf?: string,
    @Query() grant?: string,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<PastUserBody> {
    const reader = principalOf(request);
    const asked = { reader, userId: id, grantId: grant, origin: contextOf(request) };
    const profile =
      asOf === undefined && reader.roles.includes('admin')
        ? requireProfile(await readConsistently(consistencyToken, this.deps.watch, () => readProfile(this.deps, id)))
        : await pastProfile(this.deps, asked, asOf === undefined ? NOW : momentOf(asOf));
    this.setHeader('ETag', etagOf(profile.revision));
    return profile;
  }
}
