import type { RecordedEvent } from '@ums/contracts/events/event';
import type { IncludedEventBody } from '@ums/contracts/http/proof';
import { provedEvent } from '@ums/contracts/proof/leaf';
import { accessStream, signinStream, userStream } from '@ums/contracts/streams';
import { inclusionProofs } from '@ums/contracts/tree/proofs';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { streamChunks } from '../history/streamChunks.js';
import { leafIndexes, tileReader } from './notaryTables.js';

export interface InclusionDeps {
  /** Of the tables of the notary. */
  read: Query;
  eventLog: Pick<EventLog, 'readPart'>;
}

/**
 * The stored events of a user, then those of the user's sessions, then those of reads by others, each with the proof that it is in
 * the tree of this size, in chunks. Events that the tree does not hold are left out: a chunk is empty where it holds none, so that
 * no chunk at all means that there is no such user. Reads about an id that no user has are in the log too, but not here.
 *
 * @throws LogUnavailable, DependencyUnavailable
 */
export async function* includedEvents(
  deps: InclusionDeps,
  userId: string,
  size: number,
): AsyncGenerator<IncludedEventBody[]> {
  let exists = false;
  for (const stream of [userStream(userId), signinStream(userId), accessStream(userId)]) {
    for await (const chunk of streamChunks(deps.eventLog, stream)) {
      exists = true;
      const included = await include(deps.read, chunk, size);
      yield included;
      if (included.length < chunk.length) break;
    }
    if (!exists) return;
  }
}

const include = async (read: Query, chunk: readonly RecordedEvent[], size: number): Promise<IncludedEventBody[]> => {
  const indexes = await leafIndexes(
    read,
    chunk.map(({ id }) => id),
  );
  const covered = chunk.flatMap((event) => {
    const index = indexes.get(event.id);
    return index === undefined || index >= size ? [] : [{ event, index }];
  });
  const proofs = await inclusionProofs(
    tileReader(read),
    covered.map(({ index }) => index),
    size,
  );
  return covered.map(({ event, index }, at) => ({
    ...{ index, position: String(event.position) },
    ...{ event: bodyOf(event), inclusion: inBase64(proofs[at] ?? []) },
  }));
};

const bodyOf = (event: RecordedEvent): IncludedEventBody['event'] => {
  const { base64, ...proved } = provedEvent(event);
  return base64 === undefined ? proved : { ...proved, base64: [...base64] };
};

export const inBase64 = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'));
