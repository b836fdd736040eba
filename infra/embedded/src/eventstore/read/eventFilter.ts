import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from '../recordedEvent.js';
import { handlerThrew } from '../wire/statusError.js';

export type EventFilter = (event: StoredEvent) => boolean;

/**
 * Compiles a filter: any of several prefixes, or a regular expression, which is unanchored and case-sensitive.
 * @throws StatusError when the regular expression is invalid.
 */
export const eventFilter = (filter: ReadReq.Options.FilterOptions): EventFilter => {
  const onStream = filter.hasStreamIdentifier();
  const expression = onStream ? filter.getStreamIdentifier() : filter.getEventType();
  const prefixes = (expression?.getPrefixList() ?? []).map((prefix) => Buffer.from(prefix));
  const subject = onStream ? (event: StoredEvent) => event.stream : (event: StoredEvent) => event.type;
  if (prefixes.length > 0) return (event) => prefixes.some((prefix) => startsWith(subject(event), prefix));
  const pattern = compile(expression?.getRegex() ?? '');
  return (event) => pattern.test(subject(event).toString());
};

const startsWith = (text: Buffer, prefix: Buffer) =>
  text.length >= prefix.length && text.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;

const compile = (pattern: string): RegExp => {
  try {
    return new RegExp(pattern);
  } catch {
    throw handlerThrew();
  }
};
