import { Controller, Get, Path, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { GrantBody } from '@ums/contracts/http/grant';
import type { Problem } from '@ums/contracts/http/problem';
import type { RecordRead } from '@ums/identity/access/recordRead';
import { grantBody } from '@ums/identity/grant/grantBody';
import { type GrantDeps, readGrant } from '@ums/identity/grant/readGrant';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request as HttpRequest } from 'express';

@Route('audit/grants')
@Tags('Audit')
@Security('bearer', ['auditor', 'admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(429, 'too-many-attempts')
export class GrantController extends Controller {
  constructor(private readonly deps: GrantDeps & { recordRead: RecordRead }) {
    super();
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
