import type { RecordRead } from '@ums/identity/access/recordRead';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { SharedSlots } from '@ums/kit/queue/sharedSlots';
import type { Revocations } from '../authorization/followRevocations.js';
import type { CheckpointWatch } from '../consistency/checkpointWatch.js';

/** What the feed of events is read and sent with. */
export interface AuditDeps {
  /** On connections of its own, from {@link feedPool}. */
  readFeed: Query;
  /** Of the checkpoint of the feed. */
  auditWatch: CheckpointWatch;
  /** Shared among the readers. */
  auditStreams: SharedSlots;
  revocations: Pick<Revocations, 'isRevoked'>;
  recordRead: RecordRead;
}
