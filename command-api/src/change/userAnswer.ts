import type { Controller } from '@tsoa/runtime';
import { CONSISTENCY_HEADER, formatConsistencyToken } from '@ums/contracts/consistencyToken';
import type { UserBody } from '@ums/contracts/http/user';
import { userBody } from '@ums/contracts/http/userBody';
import { etagOf } from '@ums/kit/http/etag';
import type { ExistingUser } from '../user/loadUser.js';
import { profileOf } from '../user/loadUser.js';

/** Sets the answer of a command: the resulting profile, its `ETag`, and the consistency token that lets reads wait for it. */
export const userAnswer = (controller: Controller, { logId }: { logId: string }, changed: ExistingUser): UserBody => {
  const body = userBody(profileOf(changed));
  controller.setHeader('ETag', etagOf(changed.revision));
  controller.setHeader(CONSISTENCY_HEADER, formatConsistencyToken({ logId, position: changed.position }));
  return body;
};
