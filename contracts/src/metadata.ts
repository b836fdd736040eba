export type ActorKind = 'user' | 'admin' | 'auditor' | 'service' | 'anonymous';

/** Services that write events on their own. The feed of events is asked for them by these names. */
export const SERVICE_ACTORS = ['keeper', 'mail-feedback', 'notifier', 'admin'] as const;

export type ServiceActor = (typeof SERVICE_ACTORS)[number];

/** Who caused an event. `id` is a user id, or the name of a service; absent for `anonymous`. */
export interface Actor {
  kind: ActorKind;
  id?: string;
}

/** Where a request came from. Both fields are sealed together for the actor. */
export interface Source {
  ip: string;
  userAgent: string;
}

/** Metadata of every event as stored. `at` is ISO 8601 in UTC. Reading facts leaves the sealed fields sealed. */
export interface EventMetadata {
  $correlationId: string;
  $causationId: string;
  actor: Actor;
  at: string;
  /** HMAC over route and body under a key derived from the subject's data key, and so destroyed with it. Base64url. */
  request?: string;
  /** The reason a person gave; sealed for the stream's subject. */
  reason?: string;
  /** JSON of {@link Source}; sealed for the actor, or for the stream's subject where the actor is anonymous. */
  source?: string;
}

/** The subject whose key seals the `source` of an event: the actor, or the stream's subject where the actor has no key. */
export const sourceSubject = (actor: Actor, streamSubject: string | undefined): string | undefined =>
  actor.kind === 'anonymous' || actor.kind === 'service' ? streamSubject : actor.id;
