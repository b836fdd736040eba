import type { ProfilePicture, UserProfile } from '../reducers/userProfile.js';
import type { PictureBody, UserBody } from './user.js';

/**
 * The body of a profile response. A fixed list of fields, so that new profile fields are not exposed by accident.
 * @param urls links to the picture of `profile.picture.readyId`
 */
export const userBody = (
  { userId, email, name, status, roles, locale, registeredAt, picture, mailBlock, revision }: UserProfile,
  urls: PictureBody['urls'],
): UserBody => ({
  id: userId,
  email,
  name,
  status,
  roles,
  locale,
  registeredAt,
  revision: Number(revision),
  picture: picture === undefined ? null : pictureBody(picture, urls),
  mailBlock: mailBlock === undefined ? null : { kind: mailBlock.kind, since: mailBlock.since },
});

const pictureBody = ({ status, reason }: ProfilePicture, urls: PictureBody['urls']): PictureBody => ({
  status,
  ...(reason !== undefined && { reason }),
  urls,
});
