import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { isErased } from '@ums/contracts/personal';

/** The address a user had last, as long as it can be read: where the goodbye goes. */
export const lastAddress = (facts: readonly Fact<UserEvent>[]): string | undefined => {
  const registered = facts.find((fact) => fact.type === 'UserRegistered');
  const email = registered?.data.email;
  return email === undefined || isErased(email) ? undefined : email;
};
