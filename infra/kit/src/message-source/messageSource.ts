import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';

/**
 * What a handler did with a message:
 * - `done`: finished;
 * - `later`: a dependency is down or the fact is not readable yet; the message's lane waits, other lanes continue;
 * - `dead`: it can never be handled; it is stored for an operator and its lane continues.
 */
export type MessageOutcome = 'done' | 'later' | 'dead';

/** One kind of work. Each has its own checkpoint, so that no work waits for a dependency of another. */
export interface Consumer {
  name: string;
  /** Event types that are handled, in every stored shape; all others are skipped. */
  types: readonly string[];
  /** How many handlers run at once. Messages of one key are always handled one by one, in log order. */
  concurrency: number;
  /**
   * Called at least once for each message. An exception counts as `later`, and after ten in a row as `dead`: only a
   * defect throws, whereas an unavailable dependency is an outcome.
   *
   * @param recorded the event itself, when the source read it from the log. A broker has only the message, and the handler
   * reads the event from the log.
   * @param stopping aborts when the source has no more use for the outcome: a handler that has not begun its work returns `later`
   */
  handle(message: Message, recorded?: RecordedEvent, stopping?: AbortSignal): Promise<MessageOutcome>;
  /** Stops the consumer: running handlers finish, no new one starts. */
  signal: AbortSignal;
}

export interface Consumption {
  /**
   * Resolves when the consumer has stopped after `signal`. @throws StartRefused when the log turns out to be another one, and
   * any error that a restart of the consumer cannot help
   */
  finished: Promise<void>;
  /** Of a source with a broker. The progress of the other one is its checkpoint. */
  progress?: () => {
    /** Messages that are not finished; `undefined` until they were counted. */
    lag: number | undefined;
    /** No message is delivered although there are some. */
    isStalled: boolean;
  };
}

/** A source of messages about facts. Adapters: the event log itself (`eventLogSource`), a broker. */
export interface MessageSource {
  /**
   * Starts a consumer; resolves once the checkpoint is proved to belong to this log. Several instances may consume under
   * one name; each message is handled by one of them.
   *
   * @throws StartRefused for the checkpoint of a foreign, restored or shorter log.
   */
  consume(consumer: Consumer): Promise<Consumption>;
}
