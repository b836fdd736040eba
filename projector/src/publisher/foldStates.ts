import type { RecordedEvent } from '@ums/contracts/events/event';
import { stateOrigin } from '@ums/contracts/kafka/stateRecord';
import type { Message } from '@ums/contracts/messages/message';
import { publicState } from '@ums/contracts/reducers/publicState';
import type { StateAfter } from './publicStates.js';

/** An event and the message about it. */
export interface Published {
  event: RecordedEvent;
  message: Message;
}

/** An event whose revision does not follow the last one of its stream that was published. */
export interface Gap {
  event: RecordedEvent;
  /** The revision that should have come. */
  expected: bigint;
}

/**
 * Folds the messages of a batch, in log order, onto the stored states.
 *
 * @returns the last state of each user whose state advanced, and the gaps found. Events that a state already includes do
 * not change it.
 */
export const foldStates = (
  stored: ReadonlyMap<string, StateAfter>,
  batch: readonly Published[],
): { states: StateAfter[]; gaps: Gap[] } => {
  const changed = new Map<string, StateAfter>();
  const gaps: Gap[] = [];
  for (const { event, message } of batch) {
    const origin = stateOrigin(message);
    if (origin === undefined || message.content === undefined) continue;
    const previous = changed.get(origin.userId) ?? stored.get(origin.userId);
    const expected = (previous?.origin.revision ?? -1n) + 1n;
    if (origin.revision < expected) continue;
    if (origin.revision > expected) gaps.push({ event, expected });
    changed.set(origin.userId, { origin, state: publicState(previous?.state, message.content) });
  }
  return { states: [...changed.values()], gaps };
};
