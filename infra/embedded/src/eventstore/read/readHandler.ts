import { parseReadRequest } from './parseReadRequest.js';
import { type LogReader, readAll } from './readAll.js';
import { readStream } from './readStream.js';
import { type ReadCall, respond } from './responder.js';
import { subscribeToAll } from './subscribeToAll.js';
import { subscribeToStream } from './subscribeToStream.js';

/**
 * `Streams.Read`: all reads and subscriptions. Links are sent unresolved.
 * @param stopping aborts when the server stops; its reason ends the running calls.
 */
export const readHandler = (eventLog: LogReader, stopping: AbortSignal) => (call: ReadCall) =>
  void respond(call, stopping, async (responder) => {
    const request = parseReadRequest(call.request);
    switch (request.kind) {
      case 'stream':
        return readStream(eventLog.pages, request, responder);
      case 'all':
        return readAll(eventLog, request, responder);
      case 'stream subscription':
        return subscribeToStream(eventLog, request, responder);
      case 'all subscription':
        return subscribeToAll(eventLog, request, responder);
    }
  });
