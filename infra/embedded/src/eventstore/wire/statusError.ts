import { Metadata, status } from '@grpc/grpc-js';

/** Ends a call with a gRPC status. The text is sent to the client as it stands: never put data of an event into it. */
export class StatusError extends Error {
  constructor(
    readonly code: status,
    readonly details: string,
    readonly metadata = new Metadata(),
  ) {
    super(details);
  }
}

/** What EventStoreDB answers to a request that it fails to take apart. */
export const handlerThrew = () => new StatusError(status.UNKNOWN, 'Exception was thrown by handler.');

export const unavailable = (details: string) => new StatusError(status.UNAVAILABLE, details);

/** Anything that is not a status is a fault of this server; its text stays here. */
export const toStatus = (error: unknown): StatusError => (error instanceof StatusError ? error : handlerThrew());
