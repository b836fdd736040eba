import type { EventMetadata } from '../metadata.js';
import { ACCESS_EVENTS } from './access.js';
import type { EventsOf } from './declaration.js';
import { GRANT_EVENTS } from './grant.js';
import { MAIL_EVENTS } from './mail.js';
import { PICTURE_EVENTS } from './picture.js';
import { REGISTRATION_EVENTS } from './registration.js';
import { SIGNIN_EVENTS } from './signin.js';
import { USER_EVENTS } from './user.js';

/** Every event this service appends. */
export const EVENTS = {
  ...REGISTRATION_EVENTS,
  ...USER_EVENTS,
  ...SIGNIN_EVENTS,
  ...MAIL_EVENTS,
  ...PICTURE_EVENTS,
  ...GRANT_EVENTS,
  ...ACCESS_EVENTS,
};

/** Every event in its current shape. Earlier shapes exist in the declarations alone. */
export type DomainEvent = EventsOf<typeof EVENTS>;

/** Where an event stands in the log. Revisions count its stream; positions order the whole log (opaque, rising, with gaps). */
export interface Place {
  /** UUID of the event. */
  id: string;
  stream: string;
  revision: bigint;
  position: bigint;
}

/** An event as the log returned it: stored shape, sealed. */
export interface RecordedEvent extends Place {
  type: string;
  data: unknown;
  metadata: unknown;
}

/** An event read, upcast and unsealed: what reducers fold. */
export type Fact<E extends DomainEvent = DomainEvent> = E extends DomainEvent
  ? Place & { type: E['type']; data: E['data']; metadata: EventMetadata }
  : never;
