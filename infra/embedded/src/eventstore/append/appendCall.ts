import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall } from '@grpc/grpc-js';
import { toStatus } from '../wire/statusError.js';
import { appendAnswer } from './appendAnswer.js';
import { appendRequest } from './appendRequest.js';
import type { LogWriter } from './logWriter.js';

/** `Streams.Append`: options first, then one message an event; answered when the client has sent all it has. */
export const appendCall =
  (writer: LogWriter): handleClientStreamingCall<AppendReq, Buffer> =>
  (call, answer) => {
    const request = appendRequest();
    const respond = async () => {
      try {
        const append = request.finish();
        answer(null, appendAnswer(append.expected, await writer.append(append, () => !call.cancelled)));
      } catch (error) {
        answer(toStatus(error));
      }
    };
    call.on('data', request.add);
    call.on('end', () => void respond());
  };
