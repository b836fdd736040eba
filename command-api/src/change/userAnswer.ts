import type { Controller } from '@tsoa/runtime';
import type { UserBody } from '@ums/contracts/http/user';
import { userBody } from '@ums/contracts/http/userBody';
import type { PictureUrls } from '@ums/identity/picture/pictureUrls';
import { etagOf } from '@ums/kit/http/request/etag';
import { type ExistingUser, profileOf } from '../user/loadUser.js';
import { consistencyHeader } from './consistencyHeader.js';

/** Dependencies of answers with a profile. */
export interface ProfileAnswerDeps {
  pictureUrls: PictureUrls;
}

/** Sets the answer of a command: the resulting profile, its `ETag`, and the consistency token that lets reads wait for it. */
export const userAnswer = async (
  controller: Controller,
  deps: ProfileAnswerDeps & { logId: string },
  changed: ExistingUser,
): Promise<UserBody> => {
  const body = await profileBody(deps, changed);
  controller.setHeader('ETag', etagOf(changed.revision));
  controller.setHeader(...consistencyHeader(deps, changed.position));
  return body;
};

/** @throws Refused `not-found` once the user is erased. */
export const profileBody = async ({ pictureUrls }: ProfileAnswerDeps, user: ExistingUser): Promise<UserBody> => {
  const profile = profileOf(user);
  return userBody(profile, await pictureUrls(profile));
};
