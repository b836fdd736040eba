import type { EventToAppend } from './eventLog.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Refuses what a server would answer twice, in another case, or not at all: an empty append, an empty name, an id that
 * is no lower-case UUID or comes twice. A fault of the caller.
 *
 * @throws TypeError
 */
export const checkAppend = (stream: string, events: readonly EventToAppend[]): void => {
  if (stream === '' || stream.startsWith('$')) throw new TypeError('an append needs the name of a stream of ours');
  if (events.length === 0) throw new TypeError('an append needs at least one event');
  for (const { id, type, data, metadata } of events) {
    if (!UUID.test(id) || id === NIL) throw new TypeError('an event needs a UUID in lower case');
    // The client would fail on it in a place where nobody catches.
    JSON.stringify([data, metadata]);
    if (type === '') throw new TypeError('an event needs a type');
  }
  if (new Set(events.map(({ id }) => id)).size !== events.length)
    throw new TypeError('events of one append need different ids');
};
