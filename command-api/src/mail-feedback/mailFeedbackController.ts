import { Body, Consumes, Controller, Post, Request, Response, Route, SuccessResponse, Tags } from '@tsoa/runtime';
import type { NoticeTaken, SnsNotice } from '@ums/contracts/http/mailFeedback';
import type { Problem } from '@ums/contracts/http/problem';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { type FeedbackDeps, receiveNotice } from './receiveNotice.js';

@Route('hooks/ses')
@Tags('Mail')
export class MailFeedbackController extends Controller {
  constructor(private readonly deps: FeedbackDeps) {
    super();
  }

  /**
   * Takes notices of Amazon SNS about mails that came back: SES reports bounces and complaints to a topic, which sends them
   * here. Only notices that SNS has signed for the topic of this service count, within an hour. The route does not exist (404)
   * unless the operator has set a topic. No other client has a use for it.
   * @summary Take a notice about a mail
   */
  @Post()
  @Consumes('text/plain')
  @SuccessResponse(200, 'Taken, now or before')
  @Response<Problem>(400, 'validation-failed')
  @Response<Problem>(403, 'notice-not-proven')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(429, 'too-many-attempts')
  @Response<Problem>(503, 'busy, dependency-unavailable')
  async takeMailNotice(@Body() body: SnsNotice, @Request() request: HttpRequest): Promise<NoticeTaken> {
    return receiveNotice(this.deps, body, contextOf(request).requestId);
  }
}
