import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { isErased, type Personal } from '@ums/contracts/personal';
import { undoUntil } from '@ums/contracts/undoUntil';
import type { LoadDeps } from '@ums/kit/facts/loadFacts';
import { loadRegistration, requestedFact } from '../registration/loadRegistration.js';
import { loadUser } from '../user/loadUser.js';

/** Addresses in clear, and until when a link that undoes a change and was mailed there lives; `undefined` without one. */
export type Addresses = Map<string, Date | undefined>;

/** All addresses that a user's events name: current, replaced and asked for. @throws as `loadUser` */
export const addressesOfUser = async (deps: LoadDeps, userId: string): Promise<Addresses> => {
  const found: Addresses = new Map();
  for (const fact of (await loadUser(deps, userId)).facts)
    for (const { address, undoableUntil } of addressesIn(fact)) {
      const known = found.get(address);
      found.set(address, known !== undefined && (undoableUntil ?? known) <= known ? known : undoableUntil);
    }
  return found;
};

/** The address of a registration; none if its event was never appended. @throws as `loadFacts` */
export const addressesOfRegistration = async (
  deps: LoadDeps,
  registrationId: string,
): Promise<{ isInLog: boolean; addresses: Addresses }> => {
  const requested = requestedFact(await loadRegistration(deps, registrationId));
  const email = requested?.data.email;
  return {
    isInLog: requested !== undefined,
    addresses: new Map(email === undefined || isErased(email) ? [] : [[email, undefined]]),
  };
};

interface FoundAddress {
  address: string;
  undoableUntil?: Date;
}

const addressesIn = (fact: Fact<UserEvent>): FoundAddress[] => {
  const undoableUntil = undoUntil(fact.metadata.at);
  switch (fact.type) {
    case 'UserRegistered':
    case 'EmailChangeUndone':
      return clear(fact.data.email);
    case 'EmailChangeRequested':
      return [...clear(fact.data.email), ...clear(fact.data.currentEmail, undoableUntil)];
    case 'EmailChanged':
      return [...clear(fact.data.email), ...clear(fact.data.previousEmail, undoableUntil)];
    default:
      return [];
  }
};

const clear = (address: Personal, undoableUntil?: Date): FoundAddress[] =>
  isErased(address) ? [] : [{ address, ...(undoableUntil && { undoableUntil }) }];
