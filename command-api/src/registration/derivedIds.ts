import { v5 } from 'uuid';

/** Ids made by a confirmation derive from its registration, so that a repeated step uses the same ids and has no effect. */
export const userIdOf = (registrationId: string): string => v5('user', registrationId);

/** Id of the event of this type that the confirmation appends; see {@link userIdOf}. */
export const derivedEventId = (type: 'UserRegistered' | 'RegistrationCompleted', registrationId: string): string =>
  v5(type, registrationId);
