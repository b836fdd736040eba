import type { Controller } from '@tsoa/runtime';
import type { UserBody } from '@ums/contracts/http/user';
import { userBody } from '@ums/contracts/http/userBody';
import { etagOf } from '@ums/kit/http/etag';
import { type ExistingUser, profileOf } from '../user/loadUser.js';
import { consistencyHeader } from './consistencyHeader.js';

/** Sets the answer of a command: the resulting profile, its `ETag`, and the consistency token that lets reads wait for it. */
export const userAnswer = (controller: Controller, deps: { logId: string }, changed: ExistingUser): UserBody => {
  const body = userBody(profileOf(changed));
  controller.setHeader('ETag', etagOf(changed.revision));
  controller.setHeader(...consistencyHeader(deps, changed.position));
  return body;
};
