import type { ResolvedEvent } from '@eventstore/db-client';
import type { RecordedEvent } from '@ums/contracts/events/event';

/**
 * Converts an event of the client. Links are never resolved, so the event is always present. Data that is not JSON stays
 * a string or bytes, which the decoder rejects.
 */
export const toRecorded = ({ event }: ResolvedEvent): RecordedEvent => {
  if (event?.position === undefined) throw new TypeError('the event log returned an event without a position');
  const { id, streamId, revision, position, type, data, metadata } = event;
  return { id, stream: streamId, revision, position: position.commit, type, data, metadata };
};
