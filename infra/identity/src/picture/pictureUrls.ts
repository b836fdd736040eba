import type { PictureBody } from '@ums/contracts/http/user';
import { pictureKey } from '@ums/contracts/pictureKeys';
import { PICTURE_SIZES, SQUARE_AS } from '@ums/contracts/processedPicture';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import { type Clock, systemClock } from '@ums/kit/clock';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { Log } from '@ums/kit/log';
import type { ObjectLink } from '@ums/kit/object-storage/objectLinks';

/**
 * Links to the squares of the picture that a profile shows; none before the first is ready. None either while links cannot be
 * signed, because the credentials of the object storage cannot be had: a profile, and the answer of a command that has taken
 * effect, must not depend on that.
 */
export type PictureUrls = (profile: Pick<UserProfile, 'userId' | 'picture'>) => Promise<PictureBody['urls']>;

/** A page of users would log each of them. */
const LOG_EVERY_MS = 60_000;

export const pictureUrls = (link: ObjectLink, log: Log, clock: Clock = systemClock): PictureUrls => {
  let quietUntil = 0;
  return async ({ userId, picture }) => {
    const readyId = picture?.readyId;
    if (readyId === undefined) return {};
    const squares = PICTURE_SIZES.map(async (size) => [size, await link(pictureKey(userId, readyId, size), SQUARE_AS)]);
    try {
      return Object.fromEntries(await Promise.all(squares));
    } catch (error) {
      if (!(error instanceof DependencyUnavailable)) throw error;
      const now = clock.now().getTime();
      if (now < quietUntil) return {};
      quietUntil = now + LOG_EVERY_MS;
      log.warn('links to pictures cannot be signed', { error });
      return {};
    }
  };
};
