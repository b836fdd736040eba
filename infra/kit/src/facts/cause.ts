import type { Actor, ServiceActor, Source } from '@ums/contracts/metadata';

/** Where a request came from, and the bucket that rate limits count it in. */
export interface RequestSource extends Source {
  /** Canonical address of the client as the last trusted proxy reports it; '' when the connection is already closed. */
  ip: string;
  /** Key of rate limits: an IPv4 address or an IPv6 /64; see `ipBucket`. */
  bucket: string;
}

/** Ids and source of a request; the HTTP host makes one for each request. */
export interface RequestOrigin {
  /** UUID of this request. */
  requestId: string;
  /** UUID shared by all events, messages, mails and log lines that a request leads to. */
  correlationId: string;
  source: RequestSource;
}

/** Why events are written: their metadata except the time. */
export interface Cause {
  correlationId: string;
  causationId: string;
  actor: Actor;
  source?: Source;
  /** Free text; sealed for the stream's subject. */
  reason?: string;
}

/** The cause of events that a request leads to. */
export const causedBy = (origin: RequestOrigin, actor: Actor, reason?: string): Cause => ({
  correlationId: origin.correlationId,
  causationId: origin.requestId,
  actor,
  source: { ip: origin.source.ip, userAgent: origin.source.userAgent },
  ...(reason === undefined ? {} : { reason }),
});

/**
 * The cause of events that a service writes on its own.
 *
 * @param after the event that led to them; if there is none, `id` is any id of the occasion.
 */
export const serviceCause = (name: ServiceActor, after: { id: string; correlationId?: string }): Cause => ({
  correlationId: after.correlationId ?? after.id,
  causationId: after.id,
  actor: { kind: 'service', id: name },
});
