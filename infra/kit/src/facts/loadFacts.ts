import type { DomainEvent, Fact } from '@ums/contracts/events/event';
import type { EventLog } from '../event-log/eventLog.js';
import type { DataKeys } from '../sealing/dataKeys.js';
import { openFacts } from './openFacts.js';

/** A stream as read. Facts, revision and position stay together, so that an append cannot omit the revision check. */
export interface Loaded<E extends DomainEvent> {
  facts: Fact<E>[];
  /** Revision of the last fact; `undefined` while the stream does not exist. */
  revision: bigint | undefined;
  position: bigint | undefined;
}

/** What loading a stream needs. */
export interface LoadDeps {
  eventLog: EventLog;
  keys: DataKeys;
}

/** A stream contains an event type that this version does not know. A decision that ignored the event could contradict it. */
export class UnknownFact extends Error {
  override readonly name = 'UnknownFact';

  constructor(readonly storedType: string) {
    super('a stream contains an event of an unknown type');
  }
}

/**
 * Reads and unseals one stream, with one read of the log, and one query if the data key is not cached.
 *
 * @throws LogUnavailable; UnknownFact, MissingKey, SealBroken or Undecodable when the history cannot be read.
 */
export const loadFacts = async <E extends DomainEvent>(
  { eventLog, keys }: LoadDeps,
  stream: string,
): Promise<Loaded<E>> => {
  const opened = await openFacts(await eventLog.readStream(stream), keys);
  return loadedFrom(
    opened.map(({ recorded, fact, failed }) => {
      if (failed !== undefined) throw failed;
      if (fact === undefined) throw new UnknownFact(recorded.type);
      return fact as Fact<E>;
    }),
  );
};

/** The stream as it was after the last of these facts. */
export const loadedFrom = <E extends DomainEvent>(facts: Fact<E>[]): Loaded<E> => ({
  facts,
  revision: facts.at(-1)?.revision,
  position: facts.at(-1)?.position,
});
