import type { AccessEvent, AccessKind } from '@ums/contracts/events/access';
import type { Actor } from '@ums/contracts/metadata';
import { accessStream } from '@ums/contracts/streams';
import { ANY, LogUnavailable, StreamDeleted } from '@ums/kit/event-log/eventLog';
import { type AppendDeps, appendFacts } from '@ums/kit/facts/appendFacts';
import { type Cause, causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { MissingKey } from '@ums/kit/facts/openFacts';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import type { Log } from '@ums/kit/log';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import { auditActor } from '../auditActor.js';
import type { Principal } from '../principal.js';

/** A read by an auditor or administrator, or of data that users take away themselves. */
export interface AuditedRead {
  reader: Principal;
  /** The user whose data is read; `null` if it is nobody's in particular. */
  userId: string | null;
  asked: AccessKind;
  /** Who acts. @default the reader, as auditor or administrator */
  actor?: Actor;
  /** The grant under which it is read, or that is read itself. */
  grantId: string | null;
  origin: RequestOrigin;
}

const DELETED = { dependency: 'event log', limit: 'stream deleted', waitedMs: 0 };

/** A record of reads. */
export interface ReadRecord {
  /** How many it records. */
  reads: number;
  /** Id of the event, derived so that an append that is tried again has one effect. */
  id: string;
}

/** What records are appended with. */
export interface RecordDeps extends AppendDeps {
  log: Log;
}

/**
 * Appends a record of reads that wait for it: to the stream of the user, or of the reader where an operator has deleted that one.
 *
 * @throws LogUnavailable, or an error of the vault; Refused `unauthenticated` for a reader whose key is gone: where they were
 * cannot be sealed. One who has no record of an erasure either is a fault, which is logged (G-05).
 */
export const appendRead = async (
  { log, ...deps }: RecordDeps,
  read: AuditedRead,
  record: ReadRecord,
): Promise<void> => {
  try {
    await append(deps, read, record, causeOf(read));
  } catch (error) {
    if (error instanceof MissingKey) log.error('a reader has no data key', { userId: read.reader.userId, error });
    // The records of nobody's data are in the reader's own stream, whose subject is the reader.
    else if (!(error instanceof SubjectErased)) throw error;
    throw new Refused('unauthenticated');
  }
};

/**
 * Appends a record of reads that were answered. A reader who was erased since has no key to seal where they were, so the record is
 * without it.
 *
 * @throws LogUnavailable, or an error of the vault.
 */
export const appendRest = async (deps: RecordDeps, read: AuditedRead, record: ReadRecord): Promise<void> => {
  try {
    await appendRead(deps, read, record);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { source: _, ...cause } = causeOf(read);
    await append(deps, read, record, cause);
  }
};

const causeOf = ({ origin, reader, actor = auditActor(reader) }: AuditedRead): Cause => causedBy(origin, actor);

const append = async (
  deps: AppendDeps,
  { reader, userId, asked, grantId }: AuditedRead,
  { reads, id }: ReadRecord,
  cause: Cause,
): Promise<void> => {
  const appendTo = (personId: string) =>
    appendFacts<AccessEvent>(deps, {
      stream: accessStream(personId),
      events: [{ type: 'HistoryRead', data: { userId, asked, grantId, reads } }],
      expected: ANY,
      cause,
      ids: [id],
    });
  try {
    await appendTo(userId ?? reader.userId);
  } catch (error) {
    if (!(error instanceof StreamDeleted)) throw error;
    if (userId === null || userId === reader.userId) throw noteWait(new LogUnavailable(error), DELETED);
    await appendTo(reader.userId);
  }
};
