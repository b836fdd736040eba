import { createHash } from 'node:crypto';
import { type BrokerRecord, SPEC_VERSION } from './cloudEvent.js';
import { CHECKPOINTS_TOPIC } from './topics.js';

export const CHECKPOINT_TYPE = 'users.checkpoint.v1';
const SOURCE = '/user-management/checkpoints';
const CONTENT_TYPE = 'text/plain; charset=utf-8';

/** A checkpoint of the notary, as it is published. */
export interface PublishedCheckpoint {
  /** Name of the log, and of the key that signed. */
  origin: string;
  /** Signed note (C2SP tlog-checkpoint). */
  note: string;
  signedAt: Date;
}

/**
 * The record of a checkpoint. Its value is the note and nothing else, so that the values of the topic, one after another, are a file
 * of checkpoints.
 */
export const checkpointRecord = ({ origin, note, signedAt }: PublishedCheckpoint): BrokerRecord => ({
  topic: CHECKPOINTS_TOPIC,
  key: origin,
  value: note,
  headers: {
    ce_specversion: SPEC_VERSION,
    // A repeat has the same id, and ids of a restored database that were given twice make no difference.
    ce_id: createHash('sha256').update(note).digest('hex'),
    ce_type: CHECKPOINT_TYPE,
    ce_source: SOURCE,
    ce_subject: origin,
    ce_time: signedAt.toISOString(),
    'content-type': CONTENT_TYPE,
  },
});
