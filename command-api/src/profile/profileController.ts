import {
  Body,
  Controller,
  Extension,
  Header,
  Put,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { Problem } from '@ums/contracts/http/problem';
import type { UpdateUserRequest, UserBody } from '@ums/contracts/http/user';
import { principalOf } from '@ums/identity/principal';
import { ifMatchRevision } from '@ums/kit/http/request/etag';
import { contextOf } from '@ums/kit/http/request/requestContext';
import type { Request as HttpRequest } from 'express';
import { liveCaller } from '../authorization/liveCaller.js';
import { idempotencyKeyOf } from '../change/idempotency.js';
import { type ProfileAnswerDeps, userAnswer } from '../change/userAnswer.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { pictureOf } from '../picture/receivePicture.js';
import { type PictureDeps, submitPicture } from '../picture/submitPicture.js';
import { CHANGE_ROUTE, type ChangeLimits, changeLimitOf, PROVEN_CHANGE_ROUTE } from './changeLimit.js';
import { updateInput } from './updateInput.js';
import { updateUser } from './updateUser.js';

export interface ProfileDeps extends CredentialDeps, PictureDeps, ProfileAnswerDeps, ChangeLimits {}

@Route('user')
@Tags('User')
@Security('bearer')
@Response<Problem>(400, 'validation-failed')
@Response<Problem>(401, 'unauthenticated')
@Response<Problem>(412, 'stale-revision')
@Response<Problem>(503, 'busy, dependency-unavailable')
export class ProfileController extends Controller {
  constructor(private readonly deps: ProfileDeps) {
    super();
  }

  /**
   * Changes the fields that are sent; current values change nothing. A new address needs the current password. It becomes the
   * address of the account once the link that is mailed to it is confirmed, within 24 hours and with the password; a later
   * request replaces an earlier one. The current address gets a mail too, with a link that refuses the change, or undoes it
   * within seven days. The response is the same for addresses that have an account.
   *
   * Sent as `multipart/form-data`, the same fields may come with a file `picture`: JPEG, PNG or WebP, at most 5 MB and 25
   * megapixels, usually ten a day. It is processed next, and then replaces the picture before it.
   * @summary Update yourself
   * @param ifMatch the `ETag` of the profile to change; without it, the current one is changed
   * @param idempotencyKey chosen by the client; a repeat under the same key gets the same answer and has no further effect
   */
  @Put()
  @Extension('x-file', 'picture')
  @SuccessResponse<{ ETag: string; 'X-Consistency-Token': string }>(200, 'The resulting profile')
  @Response<UserBody, { ETag: string; 'X-Consistency-Token': string }>(
    202,
    'The resulting profile, which keeps its address until the new one is confirmed, and its picture until the new one is processed',
  )
  @Response<Problem>(403, 'password-invalid, account-suspended')
  @Response<Problem>(404, 'not-found')
  @Response<Problem>(409, 'conflict')
  @Response<Problem>(413, 'picture-too-large')
  @Response<Problem>(415, 'not-a-picture')
  @Response<Problem>(422, 'idempotency-key-reused')
  @Response<Problem>(429, 'too-many-attempts, too-many-pictures, too-many-uploads')
  async updateUser(
    @Body() body: UpdateUserRequest,
    @Request() request: HttpRequest,
    @Header('If-Match') ifMatch?: string,
    @Header('Idempotency-Key') idempotencyKey?: string,
  ): Promise<UserBody> {
    const headers = { ifMatch: ifMatchRevision(ifMatch), idempotencyKey: idempotencyKeyOf(idempotencyKey) };
    const confirmCaller = () => liveCaller(this.deps, principalOf(request));
    const caller = await confirmCaller();
    const upload = pictureOf(request);
    const { emailChange, ...fields } = updateInput(body, upload !== undefined);
    const picture = upload && submitPicture(this.deps, caller.userId, upload);
    const input = {
      ...fields,
      ...headers,
      caller,
      picture,
      emailChange: emailChange && { ...emailChange, confirmCaller },
      limit: changeLimitOf(this.deps, caller.userId, emailChange ? PROVEN_CHANGE_ROUTE : CHANGE_ROUTE),
    };
    const changed = await updateUser(this.deps, input, contextOf(request));
    if (changed.isPending) this.setStatus(202);
    return userAnswer(this, this.deps, changed);
  }
}
