import type { IncludedEventBody } from '@ums/contracts/http/proof';
import { HISTORY_PROOF_FORMAT } from '@ums/contracts/proof/historyProof';
import { type InclusionDeps, includedEvents } from '@ums/identity/proof/includedEvents';
import { latestCheckpoint, notSignedYet } from '@ums/identity/proof/notaryTables';
import { othersFirst } from '@ums/kit/http/connection/othersFirst';
import { jsonWithList } from '@ums/kit/jsonTexts';

/**
 * The stored events of a user, of the user's sessions and of reads about the user, each with the proof that it is in the signed
 * tree: the text of a `HistoryProofBody`, whose events are read as far as the text is. Events that the latest checkpoint does not
 * cover are left out.
 *
 * @param confirm called before further events are read. @throws when the answer is not permitted any more
 * @returns `undefined` when there is no such user.
 * @throws Refused `not-signed-yet` while the checkpoint covers none of the events; LogUnavailable, DependencyUnavailable, also
 * while the text is read.
 */
export const proveHistory = async (
  deps: InclusionDeps,
  userId: string,
  confirm: () => Promise<void>,
): Promise<AsyncGenerator<string> | undefined> => {
  // Before the events: what is appended in between is not in it.
  const { size, note } = await latestCheckpoint(deps.read);
  const chunks = includedEvents(deps, userId, size);
  let exists = false;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    exists = true;
    const head = { format: HISTORY_PROOF_FORMAT, checkpoint: note };
    if (next.value.length > 0) return jsonWithList(head, 'events', eventsOf(next.value, chunks, confirm));
  }
  if (exists) throw notSignedYet();
  return undefined;
};

async function* eventsOf(
  first: readonly IncludedEventBody[],
  others: AsyncIterator<readonly IncludedEventBody[]>,
  confirm: () => Promise<void>,
): AsyncGenerator<IncludedEventBody> {
  yield* first;
  for (;;) {
    await othersFirst();
    await confirm();
    const { value, done } = await others.next();
    if (done === true) return;
    yield* value;
  }
}
