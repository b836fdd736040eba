import type { Actor, Source } from '@ums/contracts/metadata';

/** Who sent a request, as far as HTTP tells: a part of the kit's request context. */
export interface Caller {
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
export const causedBy = (caller: Caller, actor: Actor, reason?: string): Cause => ({
  correlationId: caller.correlationId,
  causationId: caller.requestId,
  actor,
  source: { ip: caller.source.ip, userAgent: caller.source.userAgent },
  ...(reason === undefined ? {} : { reason }),
});

/** What the service does by itself. `after` is the event it goes on from; without one, `id` names the occasion. */
export const ownCause = (name: string, after: { id: string; correlationId?: string }): Cause => ({
  correlationId: after.correlationId ?? after.id,
  causationId: after.id,
  actor: { kind: 'service', id: name },
});
