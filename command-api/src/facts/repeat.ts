import { createHmac } from 'node:crypto';
import type { DomainEvent, Fact } from '@ums/contracts/events/event';
import { Refused } from '@ums/kit/refused';
import { requestKey } from '@ums/kit/sealing/sealing';
import { v5 } from 'uuid';

/** A request that may come twice, named by its caller with `Idempotency-Key`. */
export interface RepeatableRequest {
  /** The header's value. */
  key: string;
  /** User id of whoever sends it: keys of two callers never meet. */
  principal: string;
  /** Method and template, `PUT /user`. */
  route: string;
  /** What was asked; flat, as validated. */
  body: Readonly<Record<string, unknown>>;
}

/** What a repeat is known by: derived ids of its events, and what was asked under that key. */
export interface Mark {
  eventId(stream: string, index: number): string;
  /** For the metadata of its events. */
  request: string;
}

const NAMESPACE = '6f9d1f43-3c3c-4ad1-9a32-8b1de2f7a4c5';

/** Derived under the subject's data key, so that neither key nor request can be guessed once that is gone. */
export const markOf = (dataKey: Buffer, { key, principal, route, body }: RepeatableRequest): Mark => {
  const mac = (...parts: unknown[]) => createHmac('sha256', requestKey(dataKey)).update(JSON.stringify(parts));
  const name = mac('event id', principal, route, key).digest('hex');
  const asked = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    eventId: (stream, index) => v5(`${name} ${stream} ${index}`, NAMESPACE),
    request: mac('request', route, asked).digest('base64url'),
  };
};

/**
 * Looks among a stream's facts for what this request wrote before.
 *
 * @returns how many facts there were once it had its effect; `undefined` when it had none yet.
 * @throws Refused `idempotency-key-reused` when the key came with another request.
 */
export const foundAgain = (mark: Mark, stream: string, facts: readonly Fact<DomainEvent>[]): number | undefined => {
  const first = facts.findIndex(({ id }) => id === mark.eventId(stream, 0));
  const fact = facts[first];
  if (fact === undefined) return undefined;
  if (fact.metadata.request !== mark.request) throw new Refused('idempotency-key-reused');
  let end = first + 1;
  while (facts[end]?.id === mark.eventId(stream, end - first)) end += 1;
  return end;
};
