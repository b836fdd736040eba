import type { InvalidReason } from '@ums/contracts/kafka/parseWorkRecord';
import type { Message } from '@ums/contracts/messages/message';
import type { DeadReason } from '../message-source/messageHandler.js';

/** A message that a consumer could not handle, as an operator sees it. Holds a pointer at most, never content. */
export interface DeadLetter {
  /** The event id in a table, `<partition>-<offset>` of the work topic in a topic of dead letters. */
  id: string;
  consumer: string;
  reason: DeadReason | InvalidReason;
  /** The header or field that was missing or malformed. */
  field: string | undefined;
  at: Date;
  /** `undefined` if the record could not be read. */
  message: Message | undefined;
}

export interface Redriven {
  /** Letters whose message is delivered again. */
  redriven: number;
  /** Letters that stay: this version cannot read their record either, or the record is gone. */
  kept: number;
}

/** The dead letters of all consumers. Adapters: the table `dead_message`, the topics of dead letters. */
export interface DeadLetterBox {
  /** Letters that have not been redriven, oldest first. */
  list(): Promise<readonly DeadLetter[]>;
  /**
   * Has messages delivered to their consumer again, in the given order. Safe to repeat after a failure: a message that is
   * delivered twice is handled once.
   */
  redrive(letters: readonly DeadLetter[]): Promise<Redriven>;
}
