import type { RegistrationEvent } from '@ums/contracts/events/registration';
import { registrationStream } from '@ums/contracts/streams';
import { type Loaded, loadFacts } from '@ums/kit/facts/loadFacts';
import type { FactDeps } from '../account/factDeps.js';

/** Loads a registration's stream. Once the registration has ended, personal fields read as `ERASED`. @throws as `loadFacts` */
export const loadRegistration = (
  deps: Pick<FactDeps, 'eventLog' | 'keys'>,
  registrationId: string,
): Promise<Loaded<RegistrationEvent>> => loadFacts(deps, registrationStream(registrationId));
