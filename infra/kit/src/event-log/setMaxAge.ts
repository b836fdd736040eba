import { randomUUID } from 'node:crypto';
import { StreamDeletedError } from '@eventstore/db-client';
import { type AppendOptions, appendAnywhere } from './append.js';
import { type EventLog, NO_STREAM, WrongRevision } from './eventLog.js';
import { checkMaxAge } from './eventToAppend.js';

/**
 * Implements {@link EventLog.setMaxAge}: appends the first event of the stream's metadata stream. The client's own method
 * would replace the metadata, and does not retry.
 */
export const setMaxAge = (options: AppendOptions): EventLog['setMaxAge'] => {
  const append = appendAnywhere(options);
  return async (stream, seconds) => {
    checkMaxAge(stream, seconds);
    const event = { id: randomUUID(), type: '$metadata', data: { $maxAge: seconds }, metadata: {} };
    try {
      await append(`$$${stream}`, [event], NO_STREAM);
    } catch (error) {
      // The stream has metadata, or is deleted and has no events to hide.
      if (!(error instanceof WrongRevision || error instanceof StreamDeletedError)) throw error;
    }
  };
};
