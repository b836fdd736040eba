import type { Append, AppendCondition, ProposedEvent } from '../src/eventstore/append/append.js';
import type { StoredEvent } from '../src/eventstore/recordedEvent.js';

export const proposedEvent = (id: string, data: Buffer | string = '{}'): ProposedEvent => ({
  id,
  type: Buffer.from('T'),
  json: true,
  metadata: Buffer.alloc(0),
  data: Buffer.from(data),
});

/** An append with one event for each id. */
export const appendOf = (stream: string, expected: AppendCondition, ...ids: string[]): Append => ({
  stream: Buffer.from(stream),
  expected,
  events: ids.map((id) => proposedEvent(id)),
});

export const storedEvent = (position: bigint, more: Partial<StoredEvent> = {}): StoredEvent => ({
  ...proposedEvent('00000000-0000-4000-8000-000000000001'),
  position,
  stream: Buffer.from('s'),
  revision: 0n,
  created: 0n,
  ...more,
});
