import type { Controller } from '@tsoa/runtime';
import type { UserBody } from '@ums/contracts/http/user';
import { userBody } from '@ums/contracts/http/userBody';
import { type ChangedUser, profileOf } from '../facts/handle.js';
import { CONSISTENCY_HEADER, consistencyTokenOf } from './consistency.js';
import type { HttpDeps } from './httpDeps.js';
import { etagOf } from './requestHeaders.js';

/** What a command on a user answers: the user as it left him, and where a reader finds that. */
export const userAnswer = (controller: Controller, deps: HttpDeps, changed: ChangedUser): UserBody => {
  const body = userBody(profileOf(changed));
  controller.setHeader('ETag', etagOf(changed.revision));
  controller.setHeader(CONSISTENCY_HEADER, consistencyTokenOf(deps, changed.position));
  return body;
};
