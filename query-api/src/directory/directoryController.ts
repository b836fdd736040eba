import { Controller, Get, Header, Path, Query, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody, UserPage } from '@ums/contracts/http/user';
import { consistently } from '../consistency/consistently.js';
import { wantedPoint } from '../consistency/wantedPoint.js';
import { readProfile } from '../profile/readProfile.js';
import { shownProfile } from '../profile/shownProfile.js';
import type { QueryDeps } from '../queryDeps.js';
import { listProfiles } from './listProfiles.js';
import { wantedCursor } from './pageCursor.js';

const PROBLEM = 'application/problem+json';

@Route('users')
@Tags('Users')
@Security('bearer', ['admin'])
@Response<Problem>(400, 'A parameter is not valid', undefined, PROBLEM)
@Response<Problem>(401, 'No living access token', undefined, PROBLEM)
@Response<Problem>(403, 'Not an administrator', undefined, PROBLEM)
@Response<Problem>(503, 'Not visible yet, or a part of the service is down', undefined, PROBLEM)
export class UsersController extends Controller {
  constructor(private readonly deps: QueryDeps) {
    super();
  }

  /**
   * Users in order of registration.
   * @summary List users
   * @param limit users a page
   * @isInt limit invalid integer number
   * @minimum limit 1
   * @maximum limit 100
   * @param after `next` of the page before
   * @maxLength after 100
   * @param consistencyToken from the answer of a command: waits up to two seconds until it is visible
   */
  @Get()
  @SuccessResponse(200, 'One page')
  async listUsers(
    @Query() limit = 50,
    @Query() after?: string,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<UserPage> {
    const { read, watch } = this.deps;
    const cursor = wantedCursor(after);
    return consistently(wantedPoint(consistencyToken), watch, () => listProfiles(read, limit, cursor));
  }

  /**
   * @summary Read one user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   * @param consistencyToken from the answer of a command: waits up to two seconds until it is visible
   */
  @Get('{id}')
  @SuccessResponse(200, 'The user')
  @Response<Problem>(404, 'No such user', undefined, PROBLEM)
  async getUserById(@Path() id: string, @Header('X-Consistency-Token') consistencyToken?: string): Promise<UserBody> {
    const { read, watch } = this.deps;
    return shownProfile(await consistently(wantedPoint(consistencyToken), watch, () => readProfile(read, id)));
  }
}
