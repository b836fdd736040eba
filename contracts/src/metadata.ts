export type ActorKind = 'user' | 'admin' | 'auditor' | 'service' | 'anonymous';

/** Who caused an event. `id` is the user id (or the service's name); absent for `anonymous`. */
export interface Actor {
  kind: ActorKind;
  id?: string;
}

/** Where a request came from: address and user agent, sealed together for the actor. */
export interface Source {
  ip: string;
  userAgent: string;
}

/** Metadata of every event as stored. `at` is ISO 8601 in UTC. The sealed fields stay sealed: only an auditor's view opens them. */
export interface EventMetadata {
  $correlationId: string;
  $causationId: string;
  actor: Actor;
  at: string;
  /** HMAC over route and body under a key derived from the subject's data key: it dies with the key. Base64url. */
  request?: string;
  /** Why, in a person's words; sealed for the stream's subject. */
  reason?: string;
  /** JSON of {@link Source}; sealed for the actor, or for the stream's subject where the actor is anonymous. */
  source?: string;
}

/** Whose key seals the `source` of an event: the actor's, or the stream subject's where the actor has none of its own. */
export const sourceSubject = (actor: Actor, streamSubject: string | undefined): string | undefined =>
  actor.kind === 'anonymous' || actor.kind === 'service' ? streamSubject : actor.id;
