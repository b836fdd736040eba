import type { Consumer } from '@ums/kit/message-source/messageSource';
import { lazyS3Storage } from '@ums/kit/object-storage/lazyS3Storage';
import { s3Access } from '@ums/kit/object-storage/objectStorageSettings';
import type { NotifierConfig } from './config.js';
import type { ConsumerDeps } from './consumerDeps.js';
import { pictureDispatcher } from './picture/pictureDispatcher.js';
import { pictureProcessor } from './picture-processing/pictureProcessor.js';

/** Name of its checkpoint, its consumer group and its dead letters. */
export const PICTURE_CONSUMER = 'picture';

/** Processes each picture that is uploaded, and deletes those that are not shown any more. */
export const pictureConsumer = (
  config: NotifierConfig,
  { onClose, stopping, ...shared }: ConsumerDeps,
): Omit<Consumer, 'signal'> => {
  const objects = lazyS3Storage(s3Access(config));
  onClose(async () => objects.close());
  const processor = pictureProcessor({ log: shared.log });
  onClose(() => processor.close());
  // A picture that waits for the one in work is left to the next start: two time limits would exceed that of the stop.
  stopping.addEventListener('abort', () => void processor.close());
  return { name: PICTURE_CONSUMER, ...pictureDispatcher({ ...shared, objects, processor }) };
};
