import type { Actor, Source } from '@ums/contracts/metadata';

/** Where a request came from: a part of the HTTP host's request context. */
export interface RequestOrigin {
  /** UUID of this request. */
  requestId: string;
  /** UUID that runs through events, messages, mails and logs. */
  correlationId: string;
  /** `bucket` is what limits count by: an IPv4 address or an IPv6 /64. */
  source: Source & { bucket: string };
}

/** Why events are written: what their metadata says besides the time. */
export interface Cause {
  correlationId: string;
  causationId: string;
  actor: Actor;
  source?: Source;
  /** In a person's words; sealed for the stream's subject. */
  reason?: string;
}

/** A request's cause. `reason` only where a person gave one. */
export const causedBy = (origin: RequestOrigin, actor: Actor, reason?: string): Cause => ({
  correlationId: origin.correlationId,
  causationId: origin.requestId,
  actor,
  source: { ip: origin.source.ip, userAgent: origin.source.userAgent },
  ...(reason === undefined ? {} : { reason }),
});

/** What the service does by itself. `after` is the event it goes on from; without one, `id` names the occasion. */
export const serviceCause = (name: string, after: { id: string; correlationId?: string }): Cause => ({
  correlationId: after.correlationId ?? after.id,
  causationId: after.id,
  actor: { kind: 'service', id: name },
});
