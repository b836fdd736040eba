import { Metadata, status } from '@grpc/grpc-js';

/** Ends a call with a gRPC status. `details` is sent to the client, so it must not contain event data. */
export class StatusError extends Error {
  constructor(
    readonly code: status,
    readonly details: string,
    readonly metadata = new Metadata(),
  ) {
    super(details);
  }
}

/** EventStoreDB's answer to a request that it cannot parse. */
export const handlerThrew = () => new StatusError(status.UNKNOWN, 'Exception was thrown by handler.');

export const unavailable = (details: string) => new StatusError(status.UNAVAILABLE, details);

/** Any other error is internal; its message is not sent to the client. */
export const toStatus = (error: unknown): StatusError => (error instanceof StatusError ? error : handlerThrew());
