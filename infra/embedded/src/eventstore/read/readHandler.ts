import { parseReadRequest } from './parseReadRequest.js';
import { type EventLog, readAll } from './readAll.js';
import { readStream } from './readStream.js';
import { type ReadCall, respond } from './responder.js';
import { subscribeToAll } from './subscribeToAll.js';
import { subscribeToStream } from './subscribeToStream.js';

/** `Streams.Read`: all reads and all subscriptions. Links are sent as they are, never resolved. */
export const readHandler = (log: EventLog, stopping: AbortSignal) => (call: ReadCall) =>
  void respond(call, stopping, async (responder) => {
    const request = parseReadRequest(call.request);
    switch (request.kind) {
      case 'stream':
        return readStream(log.pages, request, responder);
      case 'all':
        return readAll(log, request, responder);
      case 'stream subscription':
        return subscribeToStream(log, request, responder);
      case 'all subscription':
        return subscribeToAll(log, request, responder);
    }
  });
