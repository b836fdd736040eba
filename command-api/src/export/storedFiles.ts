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
}

/** The squares of the picture that is shown, and uploads that wait to be processed. @throws DependencyUnavailable */
export const storedFiles = async (
  objects: ObjectStorage,
  { userId, registrationId, readyId }: FileOwner,
): Promise<StoredFile[]> => {
  const squares = PICTURE_SIZES.flatMap((size) =>
    readyId === undefined ? [] : [{ key: pictureKey(userId, readyId, size), name: `pictures/${size}.webp` }],
  );
  const uploads: StoredFile[] = [];
  for (const prefix of [uploadPrefix(userId), pendingPrefix(registrationId)])
    for await (const { key } of objects.list(prefix))
      uploads.push({ key, name: `pictures/upload-${uploads.length + 1}` });
  return [...squares, ...uploads];
};
