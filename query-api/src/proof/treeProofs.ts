import type { ConsistencyProofBody, InclusionProofBody } from '@ums/contracts/http/proof';
import { consistencyProof, provedLeaf } from '@ums/contracts/tree/proofs';
import { inBase64 } from '@ums/identity/proof/includedEvents';
import { findLeaf, latestCheckpoint, notSignedYet, tileReader } from '@ums/identity/proof/notaryTables';
import { invalid, Refused } from '@ums/kit/refused';
import type { TreeDeps } from './proofDeps.js';

/**
 * Proves that an event is in the signed tree.
 *
 * @throws Refused `not-found` when it is not in the tree at all, `not-signed-yet`; DependencyUnavailable
 */
export const proveEvent = async ({ read }: TreeDeps, eventId: string): Promise<InclusionProofBody> => {
  const { index, tree } = await findLeaf(read, eventId);
  if (index === undefined) throw new Refused('not-found');
  if (tree === undefined || index >= tree.size) throw notSignedYet();
  const { size, note } = tree;
  const { leaf, inclusion } = await provedLeaf(tileReader(read), index, size);
  return {
    ...{ event: eventId, index, leaf: leaf.toString('base64') },
    ...{ inclusion: inBase64(inclusion), checkpoint: note },
  };
};

/**
 * Proves that the tree of `to` leaves begins with that of `from` leaves.
 *
 * @param to at most the size of the latest checkpoint.
 * @throws Refused `validation-failed`, `not-signed-yet`; DependencyUnavailable
 */
export const proveConsistency = async ({ read }: TreeDeps, from: number, to: number): Promise<ConsistencyProofBody> => {
  if (from > to) throw invalid('from', 'must not be larger than `to`');
  const { size } = await latestCheckpoint(read);
  if (to > size) throw invalid('to', 'must not be larger than the latest checkpoint');
  return { from, to, proof: inBase64(await consistencyProof(tileReader(read), from, to)) };
};
