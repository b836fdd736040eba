import { isUuid } from '@ums/contracts/uuid';
import type { EventToAppend } from './eventLog.js';

const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Checks an append before it is sent, because servers do not handle these faults alike.
 *
 * @throws TypeError for no events, a system stream, an empty name or type, and an id that is not a lower-case UUID or
 * occurs twice.
 */
export const checkAppend = (stream: string, events: readonly EventToAppend[]): void => {
  checkStream(stream);
  if (events.length === 0) throw new TypeError('an append needs at least one event');
  for (const { id, type, data, metadata } of events) {
    if (!isUuid(id) || id === NIL) throw new TypeError('an event needs a UUID in lower case');
    // Data that is not JSON must throw here: inside the client the exception cannot be caught.
    JSON.stringify([data, metadata]);
    if (type === '') throw new TypeError('an event needs a type');
  }
  if (new Set(events.map(({ id }) => id)).size !== events.length)
    throw new TypeError('events of one append need different ids');
};

/** @throws TypeError for an empty name and for that of a system stream. */
export const checkStream = (stream: string): void => {
  if (stream === '' || stream.startsWith('$'))
    throw new TypeError('an append needs the name of a stream that is not a system stream');
};

/** @throws TypeError for what {@link checkStream} refuses, and for an age that is not a positive whole number. */
export const checkMaxAge = (stream: string, seconds: number): void => {
  checkStream(stream);
  if (!Number.isSafeInteger(seconds) || seconds < 1)
    throw new TypeError('a maximum age is a positive whole number of seconds');
};
