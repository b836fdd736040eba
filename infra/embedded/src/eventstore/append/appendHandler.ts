import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall } from '@grpc/grpc-js';
import { toStatus } from '../wire/statusError.js';
import { streamDeleted } from '../wire/streamErrors.js';
import { appendRequestParser } from './appendRequestParser.js';
import { encodeAppendResponse } from './encodeAppendResponse.js';
import type { EventLogWriter } from './eventLogWriter.js';

/** A client that gives up at its deadline does so before the deadline passes here, where it is counted from the request's arrival. */
const DEADLINE_MARGIN_MS = 25;

/** In how many turns of the event loop a reset is noticed after the end of the stream; one was too few on a busy machine. */
const TURNS_UNTIL_RESET = 4;

/**
 * Whether the client has reached its deadline and cancelled. A request cancelled half-way looks complete here: Node's HTTP/2
 * client ends the stream normally before it resets it, and the reset is noticed some ticks later. Appending what has arrived
 * would store part of the events.
 */
const isOver = (deadline: Date | number): boolean => Number(deadline) - Date.now() < DEADLINE_MARGIN_MS;

/** `Streams.Append`: the client streams the options, then one message for each event; the response follows its last message. */
export const appendHandler =
  (writer: EventLogWriter): handleClientStreamingCall<AppendReq, Buffer> =>
  (call, callback) => {
    const request = appendRequestParser();
    const respond = async () => {
      for (let turn = 0; turn < TURNS_UNTIL_RESET; turn++) await endOfTurn();
      if (call.cancelled || isOver(call.getDeadline())) return;
      try {
        const append = request.finish();
        const outcome = await writer.append(append, () => !call.cancelled);
        if (outcome === 'stream deleted') throw streamDeleted(append.stream);
        callback(null, encodeAppendResponse(append.expected, outcome));
      } catch (error) {
        callback(toStatus(error));
      }
    };
    call.on('data', request.add);
    call.on('end', () => void respond());
  };
