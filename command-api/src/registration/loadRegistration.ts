import type { RegistrationEvent } from '@ums/contracts/events/registration';
import { registrationStream } from '@ums/contracts/streams';
import { type Loaded, loadFacts } from '@ums/kit/facts/loadFacts';
import type { FactDeps } from '../commandDeps.js';

/** The stream of one registration. Personal fields read as `ERASED` once it has ended. @throws as `loadFacts` */
export const loadRegistration = (
  deps: Pick<FactDeps, 'eventLog' | 'keys'>,
  registrationId: string,
): Promise<Loaded<RegistrationEvent>> => loadFacts(deps, registrationStream(registrationId));
