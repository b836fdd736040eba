import type { ResolvedEvent } from '@eventstore/db-client';
import type { RecordedEvent } from '@ums/contracts/events/event';

/**
 * An event as the client gives it, in our words. Links are never resolved, so the event is always there; data that is not
 * JSON comes as it is (a string or bytes) and is the decoder's to refuse.
 */
export const toRecorded = ({ event }: ResolvedEvent): RecordedEvent => {
  if (event?.position === undefined) throw new TypeError('the event log gave an event without a position');
  const { id, streamId, revision, position, type, data, metadata } = event;
  return { id, stream: streamId, revision, position: position.commit, type, data, metadata };
};
