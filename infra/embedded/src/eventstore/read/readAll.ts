import { status } from '@grpc/grpc-js';
import { LARGEST_POSITION } from '../recordedEvent.js';
import { type EventPages, PAGE_EVENTS } from '../storage/eventPages.js';
import type { Tail } from '../tail.js';
import { encodeEvent } from '../wire/encodeEvent.js';
import { StatusError } from '../wire/statusError.js';
import type { AllRead, LogPosition } from './parseReadRequest.js';
import type { Responder } from './responder.js';

export interface LogReader {
  readonly pages: EventPages;
  readonly tail: Tail;
}

const failed = (result: string) => new StatusError(status.UNKNOWN, `Unexpected ReadAllResult: ${result}`);

/** Sends the events of the whole log in commit order: forwards from a position (inclusive), backwards from before it. */
export const readAll = async (eventLog: LogReader, request: AllRead, { send }: Responder): Promise<void> => {
  const { direction, filter, uuid } = request;
  let from =
    direction === 'forwards'
      ? await startForwards(eventLog, request.from)
      : await startBackwards(eventLog, request.from);
  let remaining = request.count;
  for (let last = from === undefined; !last && remaining > 0n && from !== undefined; ) {
    const page = await eventLog.pages.all(direction, from, pageLimit(request, remaining));
    for (const event of page.events) {
      from = event.position;
      if (filter && !filter(event)) continue;
      const full = send(encodeEvent(event, uuid));
      if (full !== undefined) await full;
      remaining -= 1n;
      if (remaining === 0n) return;
    }
    last = page.last;
  }
};

/** Without a filter, a read takes as many rows as it still has to send: the head of the log is one row. */
const pageLimit = ({ filter }: AllRead, remaining: bigint): number =>
  filter === undefined && remaining < BigInt(PAGE_EVENTS) ? Number(remaining) : PAGE_EVENTS;

/** @returns the position after which to read; undefined when no event can follow. */
const startForwards = async ({ pages, tail }: LogReader, from: AllRead['from']): Promise<bigint | undefined> => {
  if (from === 'end') return undefined;
  if (from === 'start' || isStart(from)) return 0n;
  if (from.commit > tail.head()) return undefined;
  if (!(await pages.eventAt(from.commit))) throw failed('InvalidPosition');
  return from.commit - 1n;
};

/** @returns the position before which to read; undefined when no event can precede. */
const startBackwards = async ({ pages, tail }: LogReader, from: AllRead['from']): Promise<bigint | undefined> => {
  if (from === 'start') return undefined;
  if (from === 'end') return LARGEST_POSITION;
  if (from.commit > tail.head()) throw failed('Error');
  const event = await pages.eventAt(from.commit);
  if (!event) {
    if (from.commit < ((await pages.firstPosition()) ?? 0n)) return undefined;
    throw failed('InvalidPosition');
  }
  return from.prepare < from.commit ? pages.startOfAppend(event) : from.commit;
};

export const isStart = ({ commit, prepare }: LogPosition) => commit === 0n && prepare === 0n;
