import type { Fact } from '@ums/contracts/events/event';
import type { GrantEvent } from '@ums/contracts/events/grant';
import { grantStream } from '@ums/contracts/streams';
import { grantOf, type ReadGrant } from '@ums/identity/grant/readGrant';
import { NO_STREAM, WrongRevision } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import type { Cause } from '@ums/kit/facts/cause';
import { loadFacts } from '@ums/kit/facts/loadFacts';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../account/factDeps.js';
import { findRecorded, type IdempotencyRecord } from '../change/idempotency.js';
import { decideGrant, type GrantCommand } from './decideGrant.js';

export interface GrantChange {
  grantId: string;
  command: GrantCommand;
  cause: Cause;
  /** Of a request that its client may repeat. */
  record?: IdempotencyRecord | undefined;
}

const MAX_TRIES = 4;

/**
 * Loads a grant, decides and appends at the exact revision. Decides again after a conflict, at most three times.
 *
 * @throws Refused `conflict`, also when the user it concerns is erased at the same time, `idempotency-key-reused`, `not-found`, and
 * what `decideGrant` refuses; LogUnavailable, after which the events may or may not be stored: a repeat finds out.
 */
export const changeGrant = async (
  deps: FactDeps,
  { grantId, command, cause, record }: GrantChange,
): Promise<ReadGrant> => {
  const stream = grantStream(grantId);
  for (let attempt = 1; ; attempt++) {
    const { facts, revision } = await loadFacts<GrantEvent>(deps, stream);
    const read = await grantOf(deps, facts);
    const isRepeat = record !== undefined && findRecorded(record, stream, facts) !== undefined;
    const events = isRepeat ? [] : decideGrant(command, read);
    if (events.length === 0) return required(read);
    try {
      const ids = record && { ids: events.map((_, index) => record.eventId(stream, index)), request: record.request };
      const added = await appendFacts(deps, { stream, events, cause, expected: revision ?? NO_STREAM, ...ids });
      // Of requests under one key at the same time, one was written, with its own time: all answer with that one.
      const all =
        record === undefined
          ? [...facts, ...(added as Fact<GrantEvent>[])]
          : (await loadFacts<GrantEvent>(deps, stream)).facts;
      return required(await grantOf(deps, all));
    } catch (error) {
      // The user it concerns is being erased: a repeat finds the erasure in the log.
      if (error instanceof SubjectErased) throw new Refused('conflict', { retryAfterSeconds: 1 });
      if (!(error instanceof WrongRevision)) throw error;
      if (attempt === MAX_TRIES) throw new Refused('conflict', { retryAfterSeconds: 1 });
    }
  }
};

const required = (read: ReadGrant | undefined): ReadGrant => {
  if (read === undefined) throw new Refused('not-found');
  return read;
};
