import type { RecordedEvent } from '@ums/contracts/events/event';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { eventRecord } from '@ums/contracts/kafka/eventRecord';
import { stateOrigin, stateRecord } from '@ums/contracts/kafka/stateRecord';
import { type Message, toMessage } from '@ums/contracts/messages/message';
import type { PublicContent } from '@ums/contracts/messages/publicContent';
import type { EventMetadata } from '@ums/contracts/metadata';
import { type PublicState, publicState } from '@ums/contracts/reducers/publicState';
import { fixtureNames, readFixture } from './fixture.js';

/** One event of a user as it is published. */
export interface PublishedStep {
  message: Message;
  event: BrokerRecord;
  stateAfter: BrokerRecord;
  /** The state in {@link stateAfter}; `undefined` once the user is erased. */
  state: PublicState | undefined;
}

const { stream: USER, metadata } = readFixture('UserRegistered').recorded;
const REGISTERED_AT = Date.parse((metadata as EventMetadata).at);
const DAY_MS = 86_400_000;

/** Fixtures never change, and some of their times contradict their revisions: each event is a day after the one before it here. */
const inOrder = (recorded: RecordedEvent): RecordedEvent => {
  const at = new Date(REGISTERED_AT + Number(recorded.revision) * DAY_MS).toISOString();
  return { ...recorded, metadata: { ...(recorded.metadata as EventMetadata), at } };
};

/** The history of the one user in the fixtures who is registered and erased. */
export const publishedHistory = (): PublishedStep[] => {
  const messages = fixtureNames()
    .map((name) => toMessage(inOrder(readFixture(name).recorded)) as Message)
    .filter(({ pointer }) => pointer.stream === USER)
    .sort((one, other) => Number(one.pointer.revision - other.pointer.revision));
  let state: PublicState | undefined;
  return messages.map((message) => {
    state = publicState(state, message.content as PublicContent);
    const origin = stateOrigin(message) as NonNullable<ReturnType<typeof stateOrigin>>;
    return { message, event: eventRecord(message) as BrokerRecord, stateAfter: stateRecord(origin, state), state };
  });
};
