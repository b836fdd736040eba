import { status } from '@grpc/grpc-js';
import { largestPosition } from '../recordedEvent.js';
import type { EventPages } from '../storage/eventPages.js';
import type { Tail } from '../tail.js';
import { encodeEvent } from '../wire/encodeEvent.js';
import { StatusError } from '../wire/statusError.js';
import type { AllRead, LogPosition } from './parseReadRequest.js';
import type { Responder } from './responder.js';

export interface EventLog {
  readonly pages: EventPages;
  readonly tail: Tail;
}

const failed = (result: string) => new StatusError(status.UNKNOWN, `Unexpected ReadAllResult: ${result}`);

/** Sends the events of the whole log in commit order: forwards from a position on, backwards from before it. */
export async function readAll(log: EventLog, read: AllRead, { send }: Responder): Promise<void> {
  const { direction, filter, uuid } = read;
  let from = direction === 'forwards' ? await forwardsFrom(log, read.from) : await backwardsFrom(log, read.from);
  let left = read.count;
  for (let last = from === undefined; !last && left > 0n && from !== undefined; ) {
    const page = await log.pages.all(direction, from);
    for (const event of page.events) {
      from = event.position;
      if (filter && !filter(event)) continue;
      const full = send(encodeEvent(event, uuid));
      if (full !== undefined) await full;
      left -= 1n;
      if (left === 0n) return;
    }
    last = page.last;
  }
}

/** The position after which to read; undefined where nothing can follow. */
async function forwardsFrom({ pages, tail }: EventLog, from: AllRead['from']): Promise<bigint | undefined> {
  if (from === 'end') return undefined;
  if (from === 'start' || isStart(from)) return 0n;
  if (from.commit > tail.head()) return undefined;
  if (!(await pages.at(from.commit))) throw failed('InvalidPosition');
  return from.commit - 1n;
}

/** The position before which to read; undefined where nothing can precede. */
async function backwardsFrom({ pages, tail }: EventLog, from: AllRead['from']): Promise<bigint | undefined> {
  if (from === 'start') return undefined;
  if (from === 'end') return largestPosition;
  if (from.commit > tail.head()) throw failed('Error');
  const event = await pages.at(from.commit);
  if (!event) {
    if (from.commit < ((await pages.firstPosition()) ?? 0n)) return undefined;
    throw failed('InvalidPosition');
  }
  return from.prepare < from.commit ? pages.startOfAppend(event) : from.commit;
}

export const isStart = ({ commit, prepare }: LogPosition) => commit === 0n && prepare === 0n;
