import type { Message } from '../messages/message.js';
import { type BrokerRecord, cloudEventHeaders } from './cloudEvent.js';
import { EVENTS_TOPIC, type REPLAY_TOPIC } from './topics.js';

/** With the event id, the identity of an event for CloudEvents consumers. The replay topic repeats events, so it shares it. */
export const EVENT_SOURCE = '/user-management/events';

/** The public record of an event; `undefined` if the event has no public content (every event of a user stream has). */
export const eventRecord = (
  message: Message,
  topic: typeof EVENTS_TOPIC | typeof REPLAY_TOPIC = EVENTS_TOPIC,
): BrokerRecord | undefined => {
  const { eventId, correlationId, pointer, content } = message;
  if (content === undefined) return undefined;
  const { userId, revision, at, type, data } = content;
  const attributes = { id: eventId, type, source: EVENT_SOURCE, subject: userId, time: at, revision, correlationId };
  return {
    topic,
    key: userId,
    value: JSON.stringify({ userId, ...data }),
    headers: cloudEventHeaders({ ...attributes, position: pointer.position }, true),
  };
};
