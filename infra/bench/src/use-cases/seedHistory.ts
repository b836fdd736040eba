import { type KeyObject, randomUUID } from 'node:crypto';
import type { RegistrationDeps } from '@ums/command-api/registration/registrationDeps';
import type { DomainEvent } from '@ums/contracts/events/event';
import { encode } from '@ums/contracts/stored/stored';
import { userStream } from '@ums/contracts/streams';
import { type EventToAppend, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { newDataKey, sealWith } from '@ums/kit/sealing/sealing';
import { atLast } from '../load/atLast.js';
import { runParallel } from '../load/runParallel.js';

export const EVENTS_PER_USER = 5;
const LANES = 16;

/**
 * Writes events of new users as command-api would, with their keys. First all users register, then all are renamed, so that
 * a reader sees a user again only after all others. At most 20,000 users, the size of the key cache.
 */
export const seedHistory = async (deps: RegistrationDeps, count: number): Promise<void> => {
  const users = Array.from({ length: count }, () => ({ id: randomUUID(), key: newDataKey() }));
  const wrapped = users.map(({ id, key }) => ({ id, ...deps.masterKeys.wrap(id, key) }));
  await deps.vault.query(
    `insert into data_key (subject, wrapped, master_key_id)
     select * from unnest($1::uuid[], $2::bytea[], $3::text[])`,
    [wrapped.map(({ id }) => id), wrapped.map((one) => one.wrapped), wrapped.map(({ masterKeyId }) => masterKeyId)],
  );
  const append = (expectedRevision: bigint | typeof NO_STREAM, ...events: DomainEvent[]) =>
    runParallel({ count, lanes: LANES }, async (index) => {
      const { id, key } = users[index] as { id: string; key: KeyObject };
      const stored = events.map((event) => toAppend(deps, event, id, key));
      await atLast(() => deps.eventLog.append(userStream(id), stored, expectedRevision));
    });
  await append(NO_STREAM, REGISTERED);
  await append(0n, ...Array.from({ length: EVENTS_PER_USER - 1 }, (_, index) => renamed(`Ada ${index}`)));
};

const REGISTERED: DomainEvent = {
  type: 'UserRegistered',
  data: {
    registrationId: randomUUID(),
    ...{ email: 'ada.lovelace@example.org', name: 'Ada Lovelace', roles: ['user'], locale: 'en' },
    passwordHash: `12345678:$2b$12$${'x'.repeat(53)}`,
  },
};

const renamed = (name: string): DomainEvent => ({ type: 'UserRenamed', data: { name } });

const toAppend = (
  { masterKeys }: RegistrationDeps,
  event: DomainEvent,
  userId: string,
  key: KeyObject,
): EventToAppend => {
  const id = randomUUID();
  const stored = encode(event, { stream: userStream(userId), eventId: id }, (place, text) =>
    sealWith(key, place, text, masterKeys.id),
  );
  const metadata = {
    $correlationId: randomUUID(),
    $causationId: randomUUID(),
    actor: { kind: 'user', id: userId },
    at: new Date().toISOString(),
  };
  return { id, ...stored, metadata };
};
