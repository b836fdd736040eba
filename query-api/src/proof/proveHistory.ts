import type { HistoryProofBody, IncludedEventBody } from '@ums/contracts/http/proof';
import { HISTORY_PROOF_FORMAT } from '@ums/contracts/proof/historyProof';
import { includedEvents } from '@ums/identity/proof/includedEvents';
import { latestCheckpoint, notSignedYet } from '@ums/identity/proof/notaryTables';
import type { OwnProofDeps } from './proofDeps.js';

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
  let exists = false;
  for await (const chunk of includedEvents(deps, userId, size)) {
    exists = true;
    events.push(...chunk);
  }
  if (!exists) return undefined;
  if (events.length === 0) throw notSignedYet();
  return { format: HISTORY_PROOF_FORMAT, checkpoint: note, events };
};
