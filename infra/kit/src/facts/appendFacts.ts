import { type KeyObject, randomUUID } from 'node:crypto';
import type { DomainEvent, Fact } from '@ums/contracts/events/event';
import { type EventMetadata, sourceSubject } from '@ums/contracts/metadata';
import { encode, isSealed } from '@ums/contracts/stored/stored';
import { subjectOf } from '@ums/contracts/streams';
import type { Clock } from '../clock.js';
import type { EventLog, EventToAppend, ExpectedRevision } from '../event-log/eventLog.js';
import type { DataKeys } from '../sealing/dataKeys.js';
import type { MasterKeys } from '../sealing/masterKeys.js';
import { sealWith } from '../sealing/sealing.js';
import type { Cause } from './cause.js';
import { type SealingKeys, sealingKeys } from './sealingKeys.js';

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
  /** Derived event ids, one per event, when a repeat must produce the same ids. @default random */
  ids?: readonly string[];
  /** Idempotency record of the request: `metadata.request` of every event. */
  request?: string;
  /** The data key of the stream's subject, if the caller has it: saves the query. */
  dataKey?: KeyObject;
}

/**
 * Adds metadata to events, seals their personal fields, and appends them.
 *
 * @returns the facts of this call. With derived ids an earlier attempt may have been written with other content: a caller
 * that repeats must read the stream.
 * @throws WrongRevision, LogUnavailable; SubjectErased when the subject's key is gone: load and decide again.
 */
export const appendFacts = async <E extends DomainEvent>(deps: AppendDeps, facts: NewFacts<E>): Promise<Fact<E>[]> => {
  const { stream, events, expected, cause } = facts;
  const subject = subjectOfAll(stream, events);
  const source = cause.source === undefined ? undefined : sourceSubject(cause.actor, subject);
  const sealsForSubject = cause.reason !== undefined || events.some(({ type }) => isSealed(type));
  const keys = await sealingKeys(deps, {
    subject: sealsForSubject || source === subject ? subject : undefined,
    actor: source === subject ? undefined : source,
    dataKey: facts.dataKey,
  });
  const at = deps.clock.now().toISOString();
  const written = events.map((event, index) => {
    const id = facts.ids?.[index] ?? randomUUID();
    return { event, ...encoded(event, { id, at, masterKeyId: deps.masterKeys.id, keys, facts, source }) };
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

/** @throws TypeError if they concern more than one subject: the keys of an append are one subject's and the actor's. */
const subjectOfAll = (stream: string, events: readonly DomainEvent[]): string | undefined => {
  const subjects = new Set(
    events.map(({ data }) => subjectOf(stream, data)).filter((subject) => subject !== undefined),
  );
  if (subjects.size > 1) throw new TypeError('the events of one append concern one subject');
  return [...subjects][0];
};

interface Encoding {
  id: string;
  at: string;
  masterKeyId: string;
  keys: SealingKeys;
  facts: NewFacts<DomainEvent>;
  /** Subject whose key seals the source of the request; `undefined` when the source is not stored. */
  source: string | undefined;
}

const encoded = (
  event: DomainEvent,
  { id, at, masterKeyId, keys, facts, source }: Encoding,
): { append: EventToAppend; metadata: EventMetadata } => {
  const { stream, cause, request } = facts;
  const seal = (place: Parameters<typeof sealWith>[1], text: string) =>
    sealWith(keys.of(place.subject), place, text, masterKeyId);
  const { type, data } = encode(event, { stream, eventId: id }, seal);
  const sealed = (name: 'reason' | 'source', subject: string | undefined, text: string | undefined) => {
    if (subject === undefined || text === undefined) return {};
    return { [name]: seal({ subject, storedType: type, eventId: id, field: `metadata.${name}` }, text) };
  };
  const metadata: EventMetadata = {
    $correlationId: cause.correlationId,
    $causationId: cause.causationId,
    actor: cause.actor,
    at,
    ...(request === undefined ? {} : { request }),
    ...sealed('reason', subjectOf(stream, event.data), cause.reason),
    ...sealed('source', source, cause.source && JSON.stringify(cause.source)),
  };
  return { append: { id, type, data, metadata: { ...metadata } }, metadata };
};
