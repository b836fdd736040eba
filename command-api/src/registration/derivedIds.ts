import { v5 } from 'uuid';

/** Everything a confirmation makes is derived from its registration, so that every repeat of a step meets itself. */
export const userIdOf = (registrationId: string): string => v5('user', registrationId);

export const derivedEventId = (type: 'UserRegistered' | 'RegistrationCompleted', registrationId: string): string =>
  v5(type, registrationId);
