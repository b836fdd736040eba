import { pendingPrefix, pictureKey, uploadPrefix } from '@ums/contracts/pictureKeys';
import { PICTURE_SIZES } from '@ums/contracts/processedPicture';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';

/** A file that the object storage holds of a user. */
export interface StoredFile {
  key: string;
  /** In the archive. */
  name: string;
}

export interface FileOwner {
  userId: string;
  registrationId: string;
  /** The picture that is shown, if any. */
  readyId: string | undefined;
  /** The picture that was submitted last, if any. */
  newestId: string | undefined;
}

/**
 * The squares of the picture that is shown and of a newer one, and uploads that wait to be processed. An upload is deleted once its
 * squares are stored, and they are shown a moment later. A square of the newer one may not exist.
 *
 * @throws DependencyUnavailable
 */
export const storedFiles = async (
  objects: ObjectStorage,
  { userId, registrationId, readyId, newestId }: FileOwner,
): Promise<StoredFile[]> => {
  const squaresOf = (pictureId: string | undefined, prefix: string): StoredFile[] =>
    PICTURE_SIZES.flatMap((size) =>
      pictureId === undefined
        ? []
        : [{ key: pictureKey(userId, pictureId, size), name: `pictures/${prefix}${size}.webp` }],
    );
  const newer = newestId === readyId ? undefined : newestId;
  const uploads: StoredFile[] = [];
  for (const prefix of [uploadPrefix(userId), pendingPrefix(registrationId)])
    for await (const { key } of objects.list(prefix))
      uploads.push({ key, name: `pictures/upload-${uploads.length + 1}` });
  return [...squaresOf(readyId, ''), ...uploads, ...squaresOf(newer, 'new-')];
};
