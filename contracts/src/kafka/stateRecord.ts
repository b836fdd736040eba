import type { Message } from '../messages/message.js';
import type { PublicState } from '../reducers/publicState.js';
import { type BrokerRecord, cloudEventHeaders } from './cloudEvent.js';
import { STATE_TOPIC } from './topics.js';

/** Differs from that of events, because a state has the id of the last event in it. */
export const STATE_SOURCE = '/user-management/states';
export const STATE_TYPE = 'users.state.v1';
export const ERASED_STATE_TYPE = 'users.state-erased.v1';

/** The last event that a state includes. Stored with the state, so that a state can be published again without the log. */
export interface StateOrigin {
  userId: string;
  eventId: string;
  revision: bigint;
  position: bigint;
  at: string | undefined;
  correlationId: string | undefined;
}

/** The origin of a state whose last event this message is about; `undefined` if the message has no public content. */
export const stateOrigin = ({ eventId, correlationId, pointer, content }: Message): StateOrigin | undefined =>
  content && {
    ...{ userId: content.userId, eventId, revision: content.revision, position: pointer.position },
    ...{ at: content.at, correlationId },
  };

/**
 * The record of a user's state after the event of `origin`. A user without state (erased, or never registered) gets a
 * tombstone: a record without value, after which compaction removes the earlier ones of the key.
 */
export const stateRecord = (origin: StateOrigin, state: PublicState | undefined): BrokerRecord => {
  const { userId, eventId, revision, position, at, correlationId } = origin;
  const type = state === undefined ? ERASED_STATE_TYPE : STATE_TYPE;
  const attributes = { id: eventId, type, source: STATE_SOURCE, subject: userId, time: at };
  return {
    topic: STATE_TOPIC,
    key: userId,
    value: state === undefined ? null : stateJson(state),
    headers: cloudEventHeaders({ ...attributes, revision, position, correlationId }, state !== undefined),
  };
};

/** Lists the fields, so that a stored state with others publishes none of them. */
const stateJson = ({ userId, status, roles, registeredAt }: PublicState): string =>
  JSON.stringify({ userId, status, roles, registeredAt });
