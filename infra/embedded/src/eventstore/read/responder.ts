import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { toStatus } from '../wire/statusError.js';

/** Bytes of a frame that is waited for by itself: the call's buffer counts frames, whatever their size. */
const large = 64 * 1024;

export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** What answers to a read are written to, at the pace of who reads them. */
export interface Responder {
  /** Aborts when the client has gone or the server stops. */
  readonly signal: AbortSignal;
  /** Undefined when more may be sent at once; else resolves when the client has taken what was sent. */
  send(frame: Buffer): Promise<void> | undefined;
}

/**
 * Runs a read and ends its call. A frame the client does not take stays in the call's buffer; nothing more is fetched
 * for it until that has drained, so a slow reader costs one page and that buffer.
 */
export async function respond(
  call: ReadCall,
  stopping: AbortSignal,
  read: (responder: Responder) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, stopping]);
  let drained: (() => void) | undefined;
  const release = () => drained?.();
  call.on('drain', release);
  call.on('cancelled', () => gone.abort());
  signal.addEventListener('abort', release);

  const send = (frame: Buffer) => {
    signal.throwIfAborted();
    const more = call.write(frame, frame.length < large ? undefined : release);
    if (more && frame.length < large) return undefined;
    return new Promise<void>((resolve) => {
      drained = resolve;
    });
  };

  try {
    await read({ signal, send });
    call.end();
  } catch (error) {
    if (!gone.signal.aborted) call.emit('error', toStatus(stopping.aborted ? stopping.reason : error));
  } finally {
    signal.removeEventListener('abort', release);
  }
}
