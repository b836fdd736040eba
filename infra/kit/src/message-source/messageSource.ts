import type { Message } from '@ums/contracts/messages/message';

/**
 * What became of a message. `done`: never again. `later`: a dependency is down or the fact is not there yet; its lane waits,
 * others go on. `dead`: it can never work; it is put aside and its lane goes on.
 */
export type Outcome = 'done' | 'later' | 'dead';

/** One kind of work: a name with a checkpoint of its own, so that no work waits for another's dependency. */
export interface Consumer {
  name: string;
  /** Stored event types that reach the handler; all others are passed over. */
  types: readonly string[];
  /** How many handlers run at once. Messages of one key always run one after another, in the order of the log. */
  lanes: number;
  /**
   * Called at least once for each message. What it throws counts as `later`, and as `dead` after ten times in a row: only
   * a defect throws, a dependency that is down is an outcome.
   */
  handle(message: Message): Promise<Outcome>;
  /** Ends the consumption: nothing new is begun, what runs is finished. */
  signal: AbortSignal;
}

export interface Consumption {
  /** Resolves after the end that `signal` asked for. @throws StartRefused when the log is found to be another one. */
  finished: Promise<void>;
}

/** Where pointers to facts come from. Adapters: the event log itself (`eventLogSource`), a broker. */
export interface MessageSource {
  /**
   * Begins to consume; resolves once the checkpoint is proved to belong to this log. Several instances may consume under
   * one name: each message is handled by one of them.
   *
   * @throws StartRefused for the checkpoint of a foreign, restored or shorter log.
   */
  consume(consumer: Consumer): Promise<Consumption>;
}
