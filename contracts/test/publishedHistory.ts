import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { eventRecord } from '@ums/contracts/kafka/eventRecord';
import { stateOrigin, stateRecord } from '@ums/contracts/kafka/stateRecord';
import { type Message, toMessage } from '@ums/contracts/messages/message';
import type { PublicContent } from '@ums/contracts/messages/publicContent';
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

const { stream: USER } = readFixture('UserRegistered').recorded;

/** The history of the one user in the fixtures who is registered and erased. */
export const publishedHistory = (): PublishedStep[] => {
  const messages = fixtureNames()
    .map((name) => toMessage(readFixture(name).recorded) as Message)
    .filter(({ pointer }) => pointer.stream === USER)
    .sort((one, other) => Number(one.pointer.revision - other.pointer.revision));
  let state: PublicState | undefined;
  return messages.map((message) => {
    state = publicState(state, message.content as PublicContent);
    const origin = stateOrigin(message) as NonNullable<ReturnType<typeof stateOrigin>>;
    return { message, event: eventRecord(message) as BrokerRecord, stateAfter: stateRecord(origin, state), state };
  });
};
