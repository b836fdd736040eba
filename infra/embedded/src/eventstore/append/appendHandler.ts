import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall } from '@grpc/grpc-js';
import { toStatus } from '../wire/statusError.js';
import { appendRequestParser } from './appendRequestParser.js';
import { encodeAppendResponse } from './encodeAppendResponse.js';
import type { EventLogWriter } from './eventLogWriter.js';

/** `Streams.Append`: options first, then one message an event; answered when the client has sent all it has. */
export const appendHandler =
  (writer: EventLogWriter): handleClientStreamingCall<AppendReq, Buffer> =>
  (call, answer) => {
    const request = appendRequestParser();
    const respond = async () => {
      try {
        const append = request.finish();
        answer(null, encodeAppendResponse(append.expected, await writer.append(append, () => !call.cancelled)));
      } catch (error) {
        answer(toStatus(error));
      }
    };
    call.on('data', request.add);
    call.on('end', () => void respond());
  };
