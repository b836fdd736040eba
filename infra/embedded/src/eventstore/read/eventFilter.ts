import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { RecordedEvent } from '../recordedEvent.js';
import { handlerThrew } from '../wire/statusError.js';

export type EventFilter = (event: RecordedEvent) => boolean;

/** Prefixes mean any of them; a regular expression is unanchored and heeds case. An invalid one is a handler's fault. */
export function eventFilter(filter: ReadReq.Options.FilterOptions): EventFilter {
  const onStream = filter.hasStreamIdentifier();
  const expression = onStream ? filter.getStreamIdentifier() : filter.getEventType();
  const prefixes = (expression?.getPrefixList() ?? []).map((prefix) => Buffer.from(prefix));
  const subject = onStream ? (event: RecordedEvent) => event.stream : (event: RecordedEvent) => event.type;
  if (prefixes.length > 0) return (event) => prefixes.some((prefix) => startsWith(subject(event), prefix));
  const pattern = compile(expression?.getRegex() ?? '');
  return (event) => pattern.test(subject(event).toString());
}

const startsWith = (text: Buffer, prefix: Buffer) =>
  text.length >= prefix.length && text.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw handlerThrew();
  }
}
