import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall } from '@grpc/grpc-js';
import { toStatus } from '../wire/statusError.js';
import { appendRequestParser } from './appendRequestParser.js';
import { encodeAppendResponse } from './encodeAppendResponse.js';
import type { EventLogWriter } from './eventLogWriter.js';

/** `Streams.Append`: the client streams the options, then one message for each event; the response follows its last message. */
export const appendHandler =
  (writer: EventLogWriter): handleClientStreamingCall<AppendReq, Buffer> =>
  (call, callback) => {
    const request = appendRequestParser();
    const respond = async () => {
      try {
        const append = request.finish();
        callback(null, encodeAppendResponse(append.expected, await writer.append(append, () => !call.cancelled)));
      } catch (error) {
        callback(toStatus(error));
      }
    };
    call.on('data', request.add);
    call.on('end', () => void respond());
  };
