import type { RecordedEvent } from '@ums/contracts/events/event';
import type { HistoryProofBody, IncludedEventBody } from '@ums/contracts/http/proof';
import { HISTORY_PROOF_FORMAT } from '@ums/contracts/proof/historyProof';
import { provedEvent } from '@ums/contracts/proof/leaf';
import { signinStream, userStream } from '@ums/contracts/streams';
import { inclusionProofs } from '@ums/contracts/tree/proofs';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { latestCheckpoint, leafIndexes, notSignedYet, tileReader } from './notaryTables.js';
import type { OwnProofDeps } from './proofDeps.js';
import { inBase64 } from './treeProofs.js';

/** Events proved at once: it bounds the tiles in memory. */
const CHUNK = 500;

/**
 * The stored events of a user and of the user's sessions, each with the proof that it is in the signed tree. Events that the
 * latest checkpoint does not cover are left out.
 *
 * @returns `undefined` when there is no such user.
 * @throws Refused `not-signed-yet` while the checkpoint covers none of the events; LogUnavailable, DependencyUnavailable
 */
export const proveHistory = async (deps: OwnProofDeps, userId: string): Promise<HistoryProofBody | undefined> => {
  // Before the events: what is appended in between is not in it.
  const { size, note } = await latestCheckpoint(deps.read);
  const events: IncludedEventBody[] = [];
  let found = 0;
  for (const stream of [userStream(userId), signinStream(userId)])
    for await (const chunk of chunksOf(deps.eventLog, stream)) {
      found += chunk.length;
      const included = await include(deps, chunk, size);
      events.push(...included);
      if (included.length < chunk.length) break;
    }
  if (found === 0) return undefined;
  if (events.length === 0) throw notSignedYet();
  return { format: HISTORY_PROOF_FORMAT, checkpoint: note, events };
};

async function* chunksOf(
  eventLog: Pick<EventLog, 'readPart'>,
  stream: string,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let from = 0n; ; ) {
    const chunk = await eventLog.readPart(stream, { from, limit: CHUNK });
    const last = chunk.at(-1);
    if (last === undefined) return;
    yield chunk;
    from = last.revision + 1n;
  }
}

const include = async (
  { read }: OwnProofDeps,
  chunk: readonly RecordedEvent[],
  size: number,
): Promise<IncludedEventBody[]> => {
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
