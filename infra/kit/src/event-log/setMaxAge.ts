import { randomUUID } from 'node:crypto';
import { type AppendOptions, appendAnywhere } from './append.js';
import {
  type EventLog,
  type EventToAppend,
  type ExpectedRevision,
  NO_STREAM,
  StreamDeleted,
  WrongRevision,
} from './eventLog.js';
import { checkMaxAge } from './eventToAppend.js';
import { isMaxAge } from './isMaxAge.js';

/**
 * Implements {@link EventLog.setMaxAge}: appends to the stream's metadata stream. The client's own method would replace all
 * metadata, and does not retry.
 */
export const setMaxAge = (options: AppendOptions): EventLog['setMaxAge'] => {
  const append = appendAnywhere(options);

  /** @returns whether the stream had the expected revision. */
  const write = async (stream: string, event: EventToAppend, expected: ExpectedRevision): Promise<boolean> => {
    try {
      await append(stream, [event], expected);
      return true;
    } catch (error) {
      // A deleted stream has no events to hide.
      if (error instanceof StreamDeleted) return true;
      if (error instanceof WrongRevision) return false;
      throw error;
    }
  };

  return async (stream, seconds, replaced = []) => {
    checkMaxAge(stream, seconds);
    const metadataStream = `$$${stream}`;
    const event = { id: randomUUID(), type: '$metadata', data: { $maxAge: seconds }, metadata: {} };
    if ((await write(metadataStream, event, NO_STREAM)) || replaced.length === 0) return;
    const [last] = await options.readPart(metadataStream, { limit: 1, isBackwards: true }, options.deadlineMs);
    // At a conflict, somebody else has just set metadata, which stay.
    if (last !== undefined && isMaxAge(last.data, replaced)) await write(metadataStream, event, last.revision);
  };
};
