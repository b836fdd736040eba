import { createHmac, type KeyObject } from 'node:crypto';
import type { DomainEvent, Fact } from '@ums/contracts/events/event';
import { Refused } from '@ums/kit/refused';
import { requestKey } from '@ums/kit/sealing/sealing';
import { requestedEventId } from '../user/derivedIds.js';

/** A request that its client may repeat under the same `Idempotency-Key`. */
export interface IdempotentRequest {
  /** The header's value. */
  key: string;
  /** User id of the caller: two callers may use the same key independently. */
  principal: string;
  /** Method and path template, such as `PUT /user`. */
  route: string;
  /** The validated body, without nested values. */
  body: Readonly<Record<string, unknown>>;
}

/** Identifies repeats of a request: the derived ids of its events, and a MAC over its route and body. */
export interface IdempotencyRecord {
  eventId(stream: string, index: number): string;
  /** The MAC. Stored as `metadata.request` of the events. */
  request: string;
}

const KEY = /^[\x21-\x7e]{1,200}$/;

/** The `Idempotency-Key` of a request, if any. @throws Refused `validation-failed` */
export const idempotencyKeyOf = (header: string | undefined): string | undefined => {
  if (header === undefined) return undefined;
  const key = header.trim();
  if (KEY.test(key)) return key;
  const message = 'must be 1 to 200 visible ASCII characters';
  throw new Refused('validation-failed', { errors: [{ field: 'Idempotency-Key', message }] });
};

/** The request with its `Idempotency-Key`; `undefined` without one. */
export const idempotentRequest = (
  key: string | undefined,
  request: Omit<IdempotentRequest, 'key'>,
): IdempotentRequest | undefined => (key === undefined ? undefined : { key, ...request });

/** Keyed with the subject's data key: once that key is destroyed, neither `Idempotency-Key` nor body can be guessed. */
export const idempotencyRecord = (
  dataKey: KeyObject,
  { key, principal, route, body }: IdempotentRequest,
): IdempotencyRecord => {
  const macKey = requestKey(dataKey);
  const mac = (...parts: unknown[]) => createHmac('sha256', macKey).update(JSON.stringify(parts));
  const name = mac('event id', principal, route, key).digest('hex');
  const fields = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    eventId: (stream, index) => requestedEventId(name, stream, index),
    request: mac('request', route, fields).digest('base64url'),
  };
};

/**
 * Looks among a stream's facts for those that this request appended earlier.
 *
 * @returns the number of facts up to and including the last of them; `undefined` if there are none.
 * @throws Refused `idempotency-key-reused` if the key was used for a different request.
 */
export const findRecorded = (
  record: IdempotencyRecord,
  stream: string,
  facts: readonly Fact<DomainEvent>[],
): number | undefined => {
  const first = facts.findIndex(({ id }) => id === record.eventId(stream, 0));
  const fact = facts[first];
  if (fact === undefined) return undefined;
  if (fact.metadata.request !== record.request) throw new Refused('idempotency-key-reused');
  let end = first + 1;
  while (facts[end]?.id === record.eventId(stream, end - first)) end += 1;
  return end;
};
