import type { PictureBody } from '@ums/contracts/http/user';
import { pictureKey } from '@ums/contracts/pictureKeys';
import { PICTURE_SIZES } from '@ums/contracts/processedPicture';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import type { ObjectLink } from '@ums/kit/object-storage/objectLinks';

/** Links to the squares of the picture that a profile shows; none before the first is ready. @throws DependencyUnavailable */
export type PictureUrls = (profile: Pick<UserProfile, 'userId' | 'picture'>) => Promise<PictureBody['urls']>;

const AS_PICTURE = { contentType: 'image/webp', disposition: 'inline; filename="picture.webp"' };

export const pictureUrls =
  (link: ObjectLink): PictureUrls =>
  async ({ userId, picture }) => {
    const readyId = picture?.readyId;
    if (readyId === undefined) return {};
    const squares = PICTURE_SIZES.map(async (size) => [
      size,
      await link(pictureKey(userId, readyId, size), AS_PICTURE),
    ]);
    return Object.fromEntries(await Promise.all(squares));
  };
