import type { RecordRead } from '@ums/identity/access/recordRead';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { SharedSlots } from '@ums/kit/queue/sharedSlots';
import type { Revocations } from '../authorization/followRevocations.js';

/** Dependencies of proofs without events. */
export interface TreeDeps {
  read: Query;
}

/** Dependencies of proofs of a history. */
export interface OwnProofDeps extends TreeDeps {
  eventLog: Pick<EventLog, 'readPart'>;
  revocations: Pick<Revocations, 'isRevoked'>;
  /** Shared among the readers. */
  proofSlots: SharedSlots;
}

/** Dependencies of proofs that concern others. */
export interface ProofDeps extends OwnProofDeps {
  recordRead: RecordRead;
}
