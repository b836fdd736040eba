import { Controller, Get, Query, Request, Response, Route, Security, SuccessResponse, Tags } from '@tsoa/runtime';
import type { HistoryPage } from '@ums/contracts/http/history';
import type { Problem } from '@ums/contracts/http/problem';
import { principalOf } from '@ums/identity/principal';
import type { Request as HttpRequest } from 'express';
import type { OwnHistoryDeps } from './historyDeps.js';
import { ownHistory } from './userHistory.js';

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(503, 'profile-unavailable, dependency-unavailable')
export class OwnHistoryController extends Controller {
  constructor(private readonly deps: OwnHistoryDeps) {
    super();
  }

  /**
   * Returns what happened to the caller's account, page by page, from the event log: every change with its values, and who read
   * this history. Only where another person was when they acted is masked.
   * @summary Read your own history
   * @param limit number of entries per page
   * @isInt limit invalid integer number
   * @minimum limit 1
   * @maximum limit 100
   * @param order newest first, or with `asc` oldest first
   * @param after `next` of the page before
   * @maxLength after 80
   * @param before `previous` of the page after; not together with `after`
   * @maxLength before 80
   * @param include `sessions` adds your sessions, in the order in which the events were written
   */
  @Get('history')
  @SuccessResponse(200, 'A page of the history')
  async getOwnHistory(
    @Request() request: HttpRequest,
    @Query() limit = 50,
    @Query() order: 'asc' | 'desc' = 'desc',
    @Query() after?: string,
    @Query() before?: string,
    @Query() include?: 'sessions',
  ): Promise<HistoryPage> {
    const { userId } = principalOf(request);
    return ownHistory(this.deps, userId, { limit, order, after, before, include });
  }
}
