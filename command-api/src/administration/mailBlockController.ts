import {
  Body,
  Controller,
  Header,
  Path,
  Post,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { MailBlockEndRequest } from '@ums/contracts/http/administration';
import type { Problem } from '@ums/contracts/http/problem';
import type { UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { ifMatchRevision } from '@ums/kit/http/request/etag';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import type { FactDeps } from '../account/factDeps.js';
import { liveCaller } from '../authorization/liveCaller.js';
import { idempotencyKeyOf } from '../change/idempotency.js';
import { type ProfileAnswerDeps, userAnswer } from '../change/userAnswer.js';
import { endMailBlock } from './endMailBlock.js';

@Route('users')
@Tags('Administration')
@Security('bearer', ['admin'])
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(403, 'forbidden')
@Response<Problem>(404, 'not-found')
@Response<Problem>(409, 'conflict')
@Response<Problem>(412, 'stale-revision')
@Response<Problem>(422, 'idempotency-key-reused')
@Response<Problem>(503, 'busy, dependency-unavailable')
export class MailBlockController extends Controller {
  constructor(private readonly deps: FactDeps & ProfileAnswerDeps) {
    super();
  }

  /**
   * Lets the current address of a user get mail again after a mail bounced. After a complaint the request is refused: the recipient
   * asked for no mail, and only the user ends that block, by changing the address. SES keeps its own list of addresses that get no
   * mail: the operator removes the address from it first, or the next mail bounces again.
   * @summary End the mail block of a user
   * @pattern id ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$
   */
  @Post('{id}/mail-block/end')
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The user')
  @Response<Problem>(409, 'conflict, recipient-complained')
  async endMailBlock(
    @Path() id: string,
    @Body() body: MailBlockEndRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    const headers = { ifMatch: ifMatchRevision(ifMatch), idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const caller = await liveCaller(this.deps, principalOf(request), 'admin');
    const end = { userId: id, reason: body.reason, ...headers, caller };
    return userAnswer(this, this.deps, await endMailBlock(this.deps, end, contextOf(request)));
  }
}
