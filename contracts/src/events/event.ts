import type { EventMetadata } from '../metadata.js';
import type { MailRequested } from './mail.js';
import type { RegistrationEvent } from './registration.js';
import type { SigninEvent } from './signin.js';
import type { UserEvent } from './user.js';

/** Every event in its current shape. Old shapes exist in `stored.ts` alone. */
export type DomainEvent = RegistrationEvent | UserEvent | SigninEvent | MailRequested;

/** Where an event stands in the log. Revision counts its stream, position the whole log (opaque, rising, with gaps). */
export interface Place {
  /** UUID of the event. */
  id: string;
  stream: string;
  revision: bigint;
  position: bigint;
}

/** An event as the log gave it: stored shape, sealed. */
export interface RecordedEvent extends Place {
  type: string;
  data: unknown;
  metadata: unknown;
}

/** An event read, upcast and unsealed: what reducers fold. */
export type Fact<E extends DomainEvent = DomainEvent> = E extends DomainEvent
  ? Place & { type: E['type']; data: E['data']; metadata: EventMetadata }
  : never;
