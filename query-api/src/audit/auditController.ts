import {
  Controller,
  Extension,
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
import type { AuditEventPage } from '@ums/contracts/http/auditEvents';
import type { Problem } from '@ums/contracts/http/problem';
import type { Request as HttpRequest } from 'express';
import { answerFeed } from './answerFeed.js';
import type { AuditDeps } from './auditDeps.js';
import { auditFilter } from './auditFilter.js';

@Route('audit')
@Tags('Audit')
@Security('bearer', ['auditor', 'admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(429, 'too-many-attempts')
export class AuditController extends Controller {
  constructor(private readonly deps: AuditDeps) {
    super();
  }

  /**
   * Returns the events of all users in the order of the log: which happened, to whom, when, by whom and with which others. What
   * they say is not part of it. Filters combine. Each read is recorded before it is answered.
   *
   * Oldest first, and without a consistency token, the feed ends a few seconds before the newest event: where it is certain that no
   * event is missing. So a client that goes on behind the last `position` that it has seen receives every event.
   *
   * With `Accept: application/x-ndjson` or `text/csv` all events of the range are sent, one line each, as fast as the client
   * takes them. Two such streams are sent at a time; others get `busy`. One that breaks off is continued with the last
   * `position` as `after`.
   * @summary List events
   * @param user only events that concern this user
   * @pattern user ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   * @param actor only events that this user, by id, or this service, by name (`keeper`, `mail-feedback`, `notifier`, `admin`), has caused
   * @pattern actor ^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|keeper|mail-feedback|notifier|admin)$ must be the id of a user, or keeper, mail-feedback, notifier or admin
   * @param type only events of this type, such as `UserRenamed`
   * @minLength type 1
   * @maxLength type 100
   * @param from only events that happened at this time or later, in RFC 3339
   * @pattern from ^[0-9-]{10}[^0-9][0-9:.]{5,18}[^0-9]{1,4}[0-9:]{0,5}$ must be a time that exists, with Z or an offset, such as 2026-01-31T12:00:00Z
   * @param to only events that happened at this time or earlier, in RFC 3339
   * @pattern to ^[0-9-]{10}[^0-9][0-9:.]{5,18}[^0-9]{1,4}[0-9:]{0,5}$ must be a time that exists, with Z or an offset, such as 2026-01-31T12:00:00Z
   * @param correlation only events that one request led to, by its `X-Correlation-Id`
   * @pattern correlation ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   * @param after only events behind this `position`, in the order asked for: `next` of the page before
   * @pattern after ^(0|[1-9][0-9]{0,19})$ must be a position of an event
   * @param order newest first (`desc`) or oldest first (`asc`)
   * @param limit number of events per page, 50 without it
   * @isInt limit invalid integer number
   * @minimum limit 1
   * @maximum limit 100
   * @param consistencyToken from the response to a command; the read waits up to two seconds until the effect of the command is visible
   */
  @Get('events')
  @SuccessResponse(200, 'A page of events, or all of them')
  @Response<Problem>(406, 'not-acceptable')
  @Response<Problem>(503, 'not-yet-visible, dependency-unavailable')
  @Extension('x-streams', ['application/x-ndjson', 'text/csv'])
  async listEvents(
    @Request() request: HttpRequest,
    @Query() user?: string,
    @Query() actor?: string,
    @Query() type?: string,
    @Query() from?: string,
    @Query() to?: string,
    @Query() correlation?: string,
    @Query() after?: string,
    @Query() order: 'asc' | 'desc' = 'desc',
    @Query() limit?: number,
    @Header('X-Consistency-Token') consistencyToken?: string,
  ): Promise<AuditEventPage | undefined> {
    const filter = auditFilter({ user, actor, type, correlation, from, to });
    return answerFeed(this.deps, request, { filter, order, after, limit, consistencyToken });
  }
}
