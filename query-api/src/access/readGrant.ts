import type { DomainEvent, Fact } from '@ums/contracts/events/event';
import type { GrantEvent } from '@ums/contracts/events/grant';
import type { UserEvent } from '@ums/contracts/events/user';
import { ERASED } from '@ums/contracts/personal';
import { type AccessGrant, accessGrant } from '@ums/contracts/reducers/accessGrant';
import { type GrantState, grantState } from '@ums/contracts/reducers/grantState';
import { decode } from '@ums/contracts/stored/stored';
import { grantStream, userStream } from '@ums/contracts/streams';
import type { Clock } from '@ums/kit/clock';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { type LoadDeps, loadFacts, UnknownFact } from '@ums/kit/facts/loadFacts';

/** What reading a grant needs. */
export interface GrantDeps extends LoadDeps {
  clock: Clock;
}

/** A grant, and its state at the time of the read. */
export interface ReadGrant {
  grant: AccessGrant;
  now: GrantState;
}

/**
 * Reads a grant, and the streams of the two users that its state depends on.
 *
 * @returns `undefined` if no such grant was asked for.
 * @throws LogUnavailable; UnknownFact, MissingKey, SealBroken or Undecodable when a stream cannot be read.
 */
export const readGrant = async (deps: GrantDeps, grantId: string): Promise<ReadGrant | undefined> => {
  const { facts } = await loadFacts<GrantEvent>(deps, grantStream(grantId));
  const grant = facts.reduce<AccessGrant | undefined>(accessGrant, undefined);
  if (grant === undefined) return undefined;
  const [asker, user] = await Promise.all(
    [grant.askedBy, grant.userId].map((userId) => sealedFacts(deps.eventLog, userStream(userId))),
  );
  return { grant, now: grantState({ grant, asker: asker ?? [], user: user ?? [] }, deps.clock.now()) };
};

/** The facts of a user with their personal fields as if erased: needs no key. */
const sealedFacts = async (eventLog: EventLog, stream: string): Promise<Fact<UserEvent>[]> =>
  (await eventLog.readStream(stream)).map((event) => {
    const fact: Fact<DomainEvent> | undefined = decode(event, () => ERASED);
    if (fact === undefined) throw new UnknownFact(event.type);
    return fact as Fact<UserEvent>;
  });
