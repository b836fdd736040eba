import type { RecordRead } from '@ums/identity/access/recordRead';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { Slots } from '@ums/kit/queue/slots';
import type { Revocations } from '../authorization/followRevocations.js';
import type { CheckpointWatch } from '../consistency/checkpointWatch.js';

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
