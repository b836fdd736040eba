import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { largestPosition, type RecordedEvent } from '../recordedEvent.js';
import { cachedFrame, encodeEvent } from '../wire/encodeEvent.js';
import { caughtUp, checkpoint, confirmation } from '../wire/readResponses.js';
import { StatusError } from '../wire/statusError.js';
import { type CheckpointSchedule, checkpointSchedule } from './checkpointSchedule.js';
import type { AllSubscription } from './parseReadRequest.js';
import { type EventLog, isStart } from './readAll.js';
import type { Responder } from './responder.js';

/**
 * Sends what follows a position (exclusive), then, once at the end of the log, each event as it is committed. A reader
 * that falls behind what the tail keeps is served from the database again and told once more when it has caught up.
 */
export async function subscribeToAll(log: EventLog, read: AllSubscription, to: Responder): Promise<void> {
  const { pages, tail } = log;
  await to.send(confirmation(randomUUID()));
  const signal = to.endSignal();
  let cursor = await startOf(log, read.from);
  const marks = read.filter && checkpointSchedule(read.filter.window, read.filter.interval, givenPosition(read.from));

  const deliver = async (events: readonly RecordedEvent[], frame: typeof encodeEvent) => {
    for (const event of events) {
      cursor = event.position;
      const matched = read.filter === undefined || read.filter.matches(event);
      const full = matched ? to.send(frame(event, read.uuid)) : undefined;
      if (full !== undefined) await full;
      await mark(marks?.looked(event.position, matched), to);
    }
  };

  await mark(marks?.started(), to);
  for (;;) {
    while (cursor < tail.head()) await deliver((await pages.all('forwards', cursor)).events, encodeEvent);
    await mark(marks?.caughtUp(), to);
    await to.send(caughtUp);
    for (let events = tail.after(cursor); events; events = tail.after(cursor)) {
      await deliver(events, cachedFrame);
      await tail.beyond(cursor, signal);
    }
    marks?.fellBehind();
  }
}

const mark = async (position: ReturnType<CheckpointSchedule['caughtUp']>, to: Responder) => {
  if (position !== undefined) await to.send(checkpoint(position));
};

async function startOf({ pages, tail }: EventLog, from: AllSubscription['from']): Promise<bigint> {
  if (from === 'start' || (from !== 'end' && isStart(from))) return 0n;
  if (from === 'end') return tail.head();
  if (from.commit > tail.head()) return from.commit < largestPosition ? from.commit : largestPosition;
  if (!(await pages.at(from.commit)))
    throw new StatusError(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.');
  return from.prepare < from.commit ? from.commit - 1n : from.commit;
}

const givenPosition = (from: AllSubscription['from']) =>
  typeof from === 'string' || isStart(from) ? undefined : from.commit;
