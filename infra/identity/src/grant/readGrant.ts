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

/** What reading whole streams needs. */
export interface StreamReader {
  eventLog: Pick<EventLog, 'readStream'>;
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
export const readGrant = async (deps: GrantDeps, grantId: string): Promise<ReadGrant | undefined> =>
  grantOf(deps, (await loadFacts<GrantEvent>(deps, grantStream(grantId))).facts);

/**
 * As {@link readGrant}, with the purpose as if erased: needs no key.
 *
 * @throws LogUnavailable; UnknownFact or Undecodable when a stream cannot be read.
 */
export const readSealedGrant = async (
  deps: Pick<GrantDeps, 'clock'> & StreamReader,
  grantId: string,
): Promise<ReadGrant | undefined> => grantOf(deps, await sealedFacts<GrantEvent>(deps.eventLog, grantStream(grantId)));

/** As {@link readGrant}, from facts of the grant that were read already. */
export const grantOf = async (
  deps: Pick<GrantDeps, 'clock'> & StreamReader,
  facts: readonly Fact<GrantEvent>[],
): Promise<ReadGrant | undefined> => {
  const grant = facts.reduce<AccessGrant | undefined>(accessGrant, undefined);
  if (grant === undefined) return undefined;
  const [asker, user] = await Promise.all(
    [grant.askedBy, grant.userId].map((userId) => sealedFacts<UserEvent>(deps.eventLog, userStream(userId))),
  );
  return { grant, now: grantState({ grant, asker: asker ?? [], user: user ?? [] }, deps.clock.now()) };
};

/** The facts of a stream with their personal fields as if erased: needs no key. */
const sealedFacts = async <E extends DomainEvent>(
  eventLog: StreamReader['eventLog'],
  stream: string,
): Promise<Fact<E>[]> =>
  (await eventLog.readStream(stream)).map((event) => {
    const fact: Fact<DomainEvent> | undefined = decode(event, () => ERASED);
    if (fact === undefined) throw new UnknownFact(event.type);
    return fact as Fact<E>;
  });
