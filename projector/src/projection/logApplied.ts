import type { RecordedEvent } from '@ums/contracts/events/event';
import { correlationIdOf } from '@ums/contracts/messages/message';
import type { Log } from '@ums/kit/log';
import type { AppliedBatch } from './applyBatch.js';
import type { FoldedProjection, Revisioned } from './projection.js';

/** More events at once are history that is being read again; a line for each would cost too much. */
const MAX_LINES = 20;

/** Logs each event that a batch has made visible, so that its request can be followed to the read model, and each parked key. */
export const logApplied = <Row extends Revisioned>(
  log: Log,
  { name, key }: Pick<FoldedProjection<Row>, 'name' | 'key'>,
  batch: readonly RecordedEvent[],
  { checkpoint, parked }: Pick<AppliedBatch, 'checkpoint' | 'parked'>,
): void => {
  const applied = batch.flatMap((event) => {
    const userId = key(event);
    return userId === undefined || parked.has(userId) ? [] : [{ event, userId }];
  });
  if (applied.length > MAX_LINES)
    log.info('events projected', { projection: name, count: applied.length, position: checkpoint.position });
  else
    for (const { event, userId } of applied) {
      const { type, id: eventId, revision, position, metadata } = event;
      const correlationId = correlationIdOf(metadata);
      const ids = { userId, eventId, ...(correlationId !== undefined && { correlationId }) };
      log.info('event projected', { projection: name, type, ...ids, revision, position });
    }
  for (const [userId, { position, reason }] of parked)
    log.error('key parked', { projection: name, userId, position, reason });
};

/**
 * Logs each parked event of a projection of events, and each gap that nothing can fill. Events that became visible have no
 * line: the projection of what they change logs them.
 */
export const logListed = (
  log: Log,
  projection: string,
  { parked, unfilled }: Pick<AppliedBatch, 'parked' | 'unfilled'>,
): void => {
  for (const { event, from } of unfilled) {
    const { stream, revision, position } = event;
    const expected = { expected: from, position };
    log.warn('the log does not hold the events before this revision', { projection, stream, revision, ...expected });
  }
  for (const [eventId, { position, reason }] of parked)
    log.error('event parked', { projection, eventId, position, reason });
};
