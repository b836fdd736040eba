import type { RecordedEvent } from '@ums/contracts/events/event';

/** Whether an event is the log's own mark that an operator has deleted its stream for good. It is the last one of the stream. */
export const isDeletion = ({ type }: Pick<RecordedEvent, 'type'>): boolean => type === '$streamDeleted';
