import type { AppendDeps } from '@ums/kit/facts/appendFacts';
import type { Log } from '@ums/kit/log';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import type { PictureProcessor } from '../picture-processing/pictureProcessor.js';

/** Dependencies of the handling of pictures. */
export interface PictureDeps extends AppendDeps {
  objects: ObjectStorage;
  processor: Pick<PictureProcessor, 'process'>;
  log: Log;
}
