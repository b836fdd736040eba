/** Every route that erases a user names the receipt of the erasure in this header. */
export const RECEIPT_HEADER = 'Erasure-Receipt';

/** One step of an erasure. */
export interface ErasureStepBody {
  /** `not-applicable`: this installation has nothing to do in this step. */
  state: 'done' | 'pending' | 'not-applicable';
  /**
   * When it was done; `null` if it is not, and while its time is not known yet.
   * @format date-time
   */
  at: string | null;
}

/** When the last backup with data of the person is to be gone. */
export interface BackupsDueBody {
  state: 'done' | 'pending';
  /**
   * When the operator's backups from before the end of `diskRewritten` are to be deleted; `null` before that step is done.
   * `done` says that this time has passed: nothing here sees the backups themselves.
   * @format date-time
   */
  at: string | null;
}

export interface ErasureStepsBody {
  /** The key with which the personal values in the event log could be read. Backups of the vault hold it until `backupsDue`. */
  keyDestroyed: ErasureStepBody;
  /** Keyed hashes of the addresses; from then on, others may register them. */
  addressesReleased: ErasureStepBody;
  sessionsEnded: ErasureStepBody;
  /** Uploads and pictures in the object storage. */
  pictures: ErasureStepBody;
  /** The last record with an address for mails: that of the mail which confirms the erasure. */
  mailRecords: ErasureStepBody;
  /** The profile and the directory. The time is that at which the notary has seen it, within a minute or two. */
  readModels: ErasureStepBody;
  /** The record that deletes the user's state from the topic of states in Kafka. The time is that at which the notary has seen it. */
  topicTombstone: ErasureStepBody;
  /** The files of Postgres were rewritten without the deleted rows. */
  diskRewritten: ErasureStepBody;
  backupsDue: BackupsDueBody;
}

/**
 * What became of an erasure. It names no person.
 * @example {"format": "ums-erasure-receipt.v1", "receipt": "3f8e7d64-5b1c-4b7e-9a37-0d2f6c1b8e55", "startedAt": "2026-01-02T12:00:00.000Z", "complete": false, "steps": {"keyDestroyed": {"state": "done", "at": "2026-01-02T12:00:00.010Z"}, "addressesReleased": {"state": "done", "at": "2026-01-02T12:00:00.010Z"}, "sessionsEnded": {"state": "done", "at": "2026-01-02T12:00:00.010Z"}, "pictures": {"state": "done", "at": "2026-01-02T12:00:00.200Z"}, "mailRecords": {"state": "done", "at": "2026-01-02T12:00:00.900Z"}, "readModels": {"state": "done", "at": "2026-01-02T12:00:30.000Z"}, "topicTombstone": {"state": "not-applicable", "at": null}, "diskRewritten": {"state": "done", "at": "2026-01-03T02:00:00.000Z"}, "backupsDue": {"state": "pending", "at": "2026-02-02T02:00:00.000Z"}}, "signed": null}
 */
export interface ErasureReceiptBody {
  format: 'ums-erasure-receipt.v1';
  /** @format uuid */
  receipt: string;
  /** @format date-time */
  startedAt: string;
  /** Whether every step is done or not applicable. */
  complete: boolean;
  steps: ErasureStepsBody;
  /**
   * Signed note (C2SP signed-note) of the notary, whose text is the canonical JSON (RFC 8785) of this receipt without this member;
   * `null` while the notary has not signed what the receipt says now. The public key is at `/.well-known/notary-keys`.
   */
  signed: string | null;
}
