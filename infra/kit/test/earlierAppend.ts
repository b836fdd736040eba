import type { RecordedEvent } from '@ums/contracts/events/event';
import {
  ANY,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
  NO_STREAM,
  WrongRevision,
} from '@ums/kit/event-log/eventLog';

/** The last event of a stream. */
export const endOf = (written: readonly RecordedEvent[]): Appended => {
  const last = written.at(-1);
  if (last === undefined) throw new TypeError('an empty stream has no end');
  return { revision: last.revision, position: last.position };
};

/** The place of an earlier append of the same event ids, as a server answers it; `undefined` when it must be written. */
export const earlierAppend = (
  stream: string,
  written: readonly RecordedEvent[],
  toAppend: readonly EventToAppend[],
  expected: ExpectedRevision,
): Appended | undefined => {
  const last = written.at(-1)?.revision ?? -1n;
  const first = expected === ANY ? written.findIndex(({ id }) => id === toAppend[0]?.id) : firstIndex(expected);
  if (expected === ANY ? first === -1 : BigInt(first - 1) === last) return undefined;
  const existing = written.slice(first, first + toAppend.length);
  if (existing.length < toAppend.length || existing.some(({ id }, index) => id !== toAppend[index]?.id))
    throw new WrongRevision(stream, expected, last === -1n ? NO_STREAM : last);
  return endOf(existing);
};

const firstIndex = (expected: bigint | typeof NO_STREAM): number => (expected === NO_STREAM ? 0 : Number(expected) + 1);
