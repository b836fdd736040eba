import { randomUUID } from 'node:crypto';
import type { DomainEvent, Fact } from '@ums/contracts/events/event';
import { type EventMetadata, sourceSubject } from '@ums/contracts/metadata';
import { encode, holdsSealed } from '@ums/contracts/stored';
import { subjectOf } from '@ums/contracts/streams';
import type { Clock } from '../clock.js';
import type { EventLog, EventToAppend, ExpectedRevision } from '../event-log/eventLog.js';
import type { DataKeys } from '../sealing/dataKeys.js';
import type { MasterKeys } from '../sealing/masterKeys.js';
import { sealWith } from '../sealing/sealing.js';
import type { Cause } from './cause.js';
import { type SealingKeys, sealingKeys } from './sealingKeys.js';

/** What it takes to append facts. */
export interface AppendDeps {
  eventLog: EventLog;
  keys: DataKeys;
  masterKeys: MasterKeys;
  clock: Clock;
}

export interface NewFacts<E extends DomainEvent> {
  stream: string;
  events: readonly E[];
  expected: ExpectedRevision;
  cause: Cause;
  /** Derived ids, one for each event, where a repeat must meet itself; random unless given. */
  ids?: readonly string[];
  /** Idempotency record of the request: `metadata.request` of every event. */
  request?: string;
  /** The data key of the stream's subject, when the caller has just made it: spares the query. */
  dataKey?: Buffer;
}

/**
 * Gives events their metadata, seals what is personal, and appends them. What it returns is what was meant to be
 * written: under derived ids an earlier attempt may have won with other content, so whoever repeats reads the stream.
 *
 * @throws WrongRevision, LogUnavailable; SubjectErased when there is no key any more to seal with: load and decide again.
 */
export const appendFacts = async <E extends DomainEvent>(deps: AppendDeps, facts: NewFacts<E>): Promise<Fact<E>[]> => {
  const { stream, events, expected, cause } = facts;
  const subject = subjectOf(stream);
  const source = cause.source === undefined ? undefined : sourceSubject(cause.actor, subject);
  const sealsForSubject = cause.reason !== undefined || events.some(({ type }) => holdsSealed(type));
  const keys = await sealingKeys(deps, {
    subject: sealsForSubject || source === subject ? subject : undefined,
    actor: source === subject ? undefined : source,
    dataKey: facts.dataKey,
  });
  const at = deps.clock.now().toISOString();
  const written = events.map((event, index) => {
    const id = facts.ids?.[index] ?? randomUUID();
    return { event, ...toAppend(event, { id, at, masterKeyId: deps.masterKeys.id, keys, facts, source }) };
  });
  const end = await deps.eventLog.append(
    stream,
    written.map(({ append }) => append),
    expected,
  );
  return written.map(({ event, append, metadata }, index) => ({
    ...{ id: append.id, stream, position: end.position, metadata },
    ...{ revision: end.revision - BigInt(written.length - 1 - index), type: event.type, data: event.data },
  })) as Fact<E>[];
};

interface Writing {
  id: string;
  at: string;
  masterKeyId: string;
  keys: SealingKeys;
  facts: NewFacts<DomainEvent>;
  /** Whose key seals the source; `undefined` when it is not kept. */
  source: string | undefined;
}

const toAppend = (
  event: DomainEvent,
  { id, at, masterKeyId, keys, facts, source }: Writing,
): { append: EventToAppend; metadata: EventMetadata } => {
  const { stream, cause, request } = facts;
  const seal = (place: Parameters<typeof sealWith>[1], text: string) =>
    sealWith(keys.of(place.subject), place, text, masterKeyId);
  const { type, data } = encode(event, { stream, eventId: id }, seal);
  const sealed = (name: 'reason' | 'source', of: string | undefined, text: string | undefined) => {
    if (of === undefined || text === undefined) return {};
    return { [name]: seal({ subject: of, storedType: type, eventId: id, field: `metadata.${name}` }, text) };
  };
  const metadata: EventMetadata = {
    $correlationId: cause.correlationId,
    $causationId: cause.causationId,
    actor: cause.actor,
    at,
    ...(request === undefined ? {} : { request }),
    ...sealed('reason', subjectOf(stream), cause.reason),
    ...sealed('source', source, cause.source && JSON.stringify(cause.source)),
  };
  return { append: { id, type, data, metadata: { ...metadata } }, metadata };
};
