import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { toStatus } from '../wire/statusError.js';

/** A frame of this size is awaited by itself, because the call's buffer limits the number of frames, not their size. */
const LARGE_FRAME_BYTES = 64 * 1024;

const clientDisconnected = new Error('the client has disconnected');

export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** Writes the responses of a read at the pace of the client. */
export interface Responder {
  /**
   * @returns undefined when more may be sent at once, otherwise a promise that resolves when the client has taken the frame.
   * @throws when the client has disconnected or the server stops.
   */
  send(frame: Buffer): Promise<void> | undefined;
  /** A signal that aborts when the client has disconnected or the server stops. Created on demand, because it is expensive. */
  endSignal(): AbortSignal;
}

/**
 * Runs a read and ends its call. The call's buffer keeps the frames that the client has not taken. No page is fetched
 * until that buffer has drained, so a slow reader costs one page and the buffer.
 * @param stopping aborts when the server stops; its reason is the status that ends the call.
 */
export const respond = async (
  call: ReadCall,
  stopping: AbortSignal,
  read: (responder: Responder) => Promise<void>,
): Promise<void> => {
  let endReason: Error | undefined;
  let resume: (() => void) | undefined;
  let controller: AbortController | undefined;
  const onDrain = () => resume?.();
  const end = (reason: Error) => {
    endReason ??= reason;
    onDrain();
    controller?.abort(endReason);
  };
  const onStopping = () => end(stopping.reason);
  call.on('drain', onDrain);
  call.on('cancelled', () => end(clientDisconnected));
  stopping.addEventListener('abort', onStopping);

  const send = (frame: Buffer) => {
    if (endReason) throw endReason;
    const more = call.write(frame, frame.length < LARGE_FRAME_BYTES ? undefined : onDrain);
    if (more && frame.length < LARGE_FRAME_BYTES) return undefined;
    return new Promise<void>((resolve) => {
      resume = resolve;
    });
  };
  const endSignal = () => {
    controller ??= new AbortController();
    if (endReason) controller.abort(endReason);
    return controller.signal;
  };

  try {
    await read({ send, endSignal });
    call.end();
  } catch (error) {
    if (endReason !== clientDisconnected) call.emit('error', toStatus(endReason ?? error));
  } finally {
    stopping.removeEventListener('abort', onStopping);
  }
};
