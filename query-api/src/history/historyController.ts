import { Controller, Get, Path, Query, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { HistoryPage } from '@ums/contracts/http/history';
import type { Problem } from '@ums/contracts/http/problem';
import { principalOf } from '@ums/identity/principal';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import type { HistoryDeps } from './historyDeps.js';
import { userHistory } from './userHistory.js';

@Route('users')
@Tags('Audit')
@Security('bearer', ['auditor', 'admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(404, 'not-found')
@Response<Problem>(429, 'too-many-attempts')
@Response<Problem>(503, 'profile-unavailable, dependency-unavailable')
export class HistoryController extends Controller {
  constructor(private readonly deps: HistoryDeps) {
    super();
  }

  /**
   * Returns what happened to a user, page by page, from the event log. Personal values, reasons and sources are masked: which
   * field changed is shown, not what it held. With `grant`, they are shown while that grant is open. The history of an erased
   * user stays, with `erased` in place of values. The read is put on record before the answer, and the user sees it.
   * @summary Read the history of a user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   * @param limit number of entries per page
   * @isInt limit invalid integer number
   * @minimum limit 1
   * @maximum limit 100
   * @param order newest first, or with `asc` oldest first
   * @param after `next` of the page before
   * @maxLength after 80
   * @param before `previous` of the page after; not together with `after`
   * @maxLength before 80
   * @param include `sessions` adds the sessions of the user, in the order in which the events were written
   * @param grant of your own request for access to this user; without one that is open, values are masked
   * @pattern grant ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ must be an id
   */
  @Get('{id}/history')
  @SuccessResponse(200, 'A page of the history')
  async getUserHistory(
    @Request() request: HttpRequest,
    @Path() id: string,
    @Query() limit = 50,
    @Query() order: 'asc' | 'desc' = 'desc',
    @Query() after?: string,
    @Query() before?: string,
    @Query() include?: 'sessions',
    @Query() grant?: string,
  ): Promise<HistoryPage> {
    const asked = { reader: principalOf(request), userId: id, grantId: grant, origin: contextOf(request) };
    return userHistory(this.deps, asked, { limit, order, after, before, include });
  }
}
