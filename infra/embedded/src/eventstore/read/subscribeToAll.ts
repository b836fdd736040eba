import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { LARGEST_POSITION, type StoredEvent } from '../recordedEvent.js';
import { PAGE_EVENTS } from '../storage/eventPages.js';
import { cachedFrame, encodeEvent } from '../wire/encodeEvent.js';
import { caughtUp, checkpoint, confirmation } from '../wire/readResponses.js';
import { StatusError } from '../wire/statusError.js';
import { checkpointSchedule } from './checkpointSchedule.js';
import type { AllSubscription } from './parseReadRequest.js';
import { isStart, type LogReader } from './readAll.js';
import type { Responder } from './responder.js';

/**
 * Sends the events after a position (exclusive), then each event as it is committed. A reader that falls behind the tail
 * is served from the database again, and gets another `CaughtUp` once it reaches the end. Returns only by throwing.
 */
export const subscribeToAll = async (eventLog: LogReader, request: AllSubscription, to: Responder): Promise<void> => {
  const { pages, tail } = eventLog;
  const { filter, uuid } = request;
  await to.send(confirmation(randomUUID()));
  const signal = to.endSignal();
  let cursor = await startOf(eventLog, request.from);
  const schedule = filter && checkpointSchedule(filter.window, filter.interval, givenPosition(request.from));

  const sendCheckpoint = async (position: bigint | undefined) => {
    if (position !== undefined) await to.send(checkpoint(position));
  };
  const deliver = async (events: readonly StoredEvent[], encode: typeof encodeEvent) => {
    for (const event of events) {
      cursor = event.position;
      const matches = filter === undefined || filter.matches(event);
      const full = matches ? to.send(encode(event, uuid)) : undefined;
      if (full !== undefined) await full;
      await sendCheckpoint(schedule?.examined(event.position, matches));
    }
  };

  await sendCheckpoint(schedule?.started());
  for (;;) {
    while (cursor < tail.head()) await deliver((await pages.all('forwards', cursor, PAGE_EVENTS)).events, encodeEvent);
    await sendCheckpoint(schedule?.caughtUp());
    await to.send(caughtUp);
    for (let events = tail.after(cursor); events; events = tail.after(cursor)) {
      await deliver(events, cachedFrame);
      await tail.waitBeyond(cursor, signal);
    }
    schedule?.fellBehind();
  }
};

/** @returns the position after which to read. */
const startOf = async ({ pages, tail }: LogReader, from: AllSubscription['from']): Promise<bigint> => {
  if (from === 'start' || (from !== 'end' && isStart(from))) return 0n;
  if (from === 'end') return tail.head();
  if (from.commit > tail.head()) return from.commit < LARGEST_POSITION ? from.commit : LARGEST_POSITION;
  if (!(await pages.eventAt(from.commit)))
    throw new StatusError(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.');
  return from.prepare < from.commit ? from.commit - 1n : from.commit;
};

const givenPosition = (from: AllSubscription['from']) =>
  typeof from === 'string' || isStart(from) ? undefined : from.commit;
