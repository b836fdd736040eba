import {
  Controller,
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
import type { GrantBody, GrantPage } from '@ums/contracts/http/grant';
import type { Problem } from '@ums/contracts/http/problem';
import type { RecordRead } from '@ums/identity/access/recordRead';
import { grantBody } from '@ums/identity/grant/grantBody';
import { type GrantDeps, readGrant } from '@ums/identity/grant/readGrant';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/request/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request as HttpRequest } from 'express';
import { type GrantListDeps, listGrants } from './listGrants.js';

@Route('audit/grants')
@Tags('Audit')
@Security('bearer', ['auditor', 'admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(429, 'too-many-attempts')
export class GrantController extends Controller {
  constructor(private readonly deps: GrantDeps & GrantListDeps & { recordRead: RecordRead }) {
    super();
  }

  /**
   * Returns requests to see personal values, newest first: who asked, for whom, and what became of it. Who decides finds those
   * that wait here; a new one appears within a second. The purpose is shown for one grant alone, with `GET /audit/grants/{id}`.
   * The read is recorded for the reader.
   * @summary List grants
   * @param status only grants that wait for a decision (`waiting`), that are open (`open`), or that were refused or have ended (`ended`)
   * @param after `next` of the page before
   * @pattern after ^(0|[1-9][0-9]{0,19})$ must be a position of a request
   * @param limit number of grants per page
   * @isInt limit invalid integer number
   * @minimum limit 1
   * @maximum limit 50
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get()
  @SuccessResponse(200, 'A page of grants')
  @Response<Problem>(503, 'not-yet-visible, dependency-unavailable')
  async listGrants(
    @Request() request: HttpRequest,
    @Query() status?: 'waiting' | 'open' | 'ended',
    @Query() after?: string,
    @Query() limit = 20,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<GrantPage> {
    const [reader, origin] = [principalOf(request), contextOf(request)];
    await this.deps.recordRead({ reader, userId: null, asked: 'grant', grantId: null, origin });
    return listGrants(this.deps, { status, after, limit }, consistencyToken);
  }

  /**
   * Returns a request to see personal values, and what became of it. The read is recorded for the user it concerns.
   * @summary Read a grant
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Get('{id}')
  @SuccessResponse(200, 'The grant')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(503, 'dependency-unavailable')
  async getGrant(@Path() id: string, @Request() request: HttpRequest): Promise<GrantBody> {
    const reader = principalOf(request);
    const { keys } = this.deps;
    // An erasure takes effect at once: a cached key would still open the purpose.
    const read = await readGrant({ ...this.deps, keys: { ...keys, fetch: keys.fresh } }, id);
    if (read === undefined) throw new Refused('not-found');
    const { userId } = read.grant;
    await this.deps.recordRead({ reader, userId, asked: 'grant', grantId: id, origin: contextOf(request) });
    return grantBody(id, read, reader.userId);
  }
}
