import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { RecordRead } from '../access/recordRead.js';
import type { Revocations } from '../authorization/followRevocations.js';
import type { CheckpointWatch } from '../consistency/checkpointWatch.js';
import type { Slots } from '../slots/slots.js';

/** What the feed of events is read and sent with. */
export interface AuditDeps {
  /** On connections of its own, from {@link feedPool}. */
  readFeed: Query;
  /** Of the checkpoint of the feed. */
  auditWatch: CheckpointWatch;
  auditStreams: Slots;
  revocations: Pick<Revocations, 'isRevoked'>;
  recordRead: RecordRead;
}
