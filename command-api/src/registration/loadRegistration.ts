import type { Fact } from '@ums/contracts/events/event';
import type { RegistrationEvent } from '@ums/contracts/events/registration';
import { registrationStream } from '@ums/contracts/streams';
import { type Loaded, loadFacts } from '@ums/kit/facts/loadFacts';
import type { FactDeps } from '../account/factDeps.js';

/** Loads a registration's stream. Once the registration has ended, personal fields read as `ERASED`. @throws as `loadFacts` */
export const loadRegistration = (
  deps: Pick<FactDeps, 'eventLog' | 'keys'>,
  registrationId: string,
): Promise<Loaded<RegistrationEvent>> => loadFacts(deps, registrationStream(registrationId));

export type RequestedFact = Extract<Fact<RegistrationEvent>, { type: 'RegistrationRequested' }>;

/** The fact that began the registration; `undefined` if its append was never made. */
export const requestedFact = ({ facts }: Loaded<RegistrationEvent>): RequestedFact | undefined =>
  facts.find((fact) => fact.type === 'RegistrationRequested');
