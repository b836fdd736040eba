import { PICTURE_REJECTIONS } from '../processedPicture.js';
import { type Declarations, type EventsOf, event } from './declaration.js';
import { id, oneOf } from './fields.js';

/**
 * Facts of `picture-<pictureId>`: what became of one upload. The stream has one event, so processing a picture twice has one
 * outcome.
 */
export const PICTURE_EVENTS = {
  /** The squares are in the object storage. */
  PictureProcessed: event({ userId: id }),
  PictureRejected: event({ userId: id, reason: oneOf(...PICTURE_REJECTIONS) }),
} satisfies Declarations;

export type PictureEvent = EventsOf<typeof PICTURE_EVENTS>;
