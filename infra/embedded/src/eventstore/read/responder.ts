import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { toStatus } from '../wire/statusError.js';

/** Bytes of a frame that is waited for by itself: the call's buffer counts frames, whatever their size. */
const large = 64 * 1024;

const clientGone = new Error('the client has gone');

export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** What answers to a read are written to, at the pace of who reads them. */
export interface Responder {
  /** Undefined when more may be sent at once; else resolves when the client has taken what was sent. */
  send(frame: Buffer): Promise<void> | undefined;
  /** A signal that aborts when the client has gone or the server stops; made for reads that wait, as it is dear. */
  endSignal(): AbortSignal;
}

/**
 * Runs a read and ends its call. A frame the client does not take stays in the call's buffer; nothing more is fetched
 * for it until that has drained, so a slow reader costs one page and that buffer.
 * @param stopping aborts, with the status to end with, when the server stops.
 */
export async function respond(
  call: ReadCall,
  stopping: AbortSignal,
  read: (responder: Responder) => Promise<void>,
): Promise<void> {
  let ended: Error | undefined;
  let drained: (() => void) | undefined;
  let controller: AbortController | undefined;
  const release = () => drained?.();
  const end = (reason: Error) => {
    ended ??= reason;
    release();
    controller?.abort(ended);
  };
  const stop = () => end(stopping.reason);
  call.on('drain', release);
  call.on('cancelled', () => end(clientGone));
  stopping.addEventListener('abort', stop);

  const send = (frame: Buffer) => {
    if (ended) throw ended;
    const more = call.write(frame, frame.length < large ? undefined : release);
    if (more && frame.length < large) return undefined;
    return new Promise<void>((resolve) => {
      drained = resolve;
    });
  };
  const endSignal = () => {
    controller ??= new AbortController();
    if (ended) controller.abort(ended);
    return controller.signal;
  };

  try {
    await read({ send, endSignal });
    call.end();
  } catch (error) {
    if (ended !== clientGone) call.emit('error', toStatus(ended ?? error));
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}
