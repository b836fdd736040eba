import { randomUUID } from 'node:crypto';
import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';

export const HASH = 'the hash of the first password';

export const registeredEvent: UserEvent = {
  type: 'UserRegistered',
  data: {
    registrationId: '0199c0de-0000-4000-8000-00000000000a',
    ...{ email: 'ada@example.org', name: 'Ada Lovelace', passwordHash: HASH, roles: ['user'], locale: 'en' },
  },
};

/** Events as facts of one stream, starting at revision 0. */
export const userFacts = (...events: UserEvent[]): Fact<UserEvent>[] =>
  events.map((event, index) => ({
    ...event,
    id: randomUUID(),
    stream: 'user-0199c0de-0000-4000-8000-000000000001',
    revision: BigInt(index),
    position: BigInt(index) * 100n,
    metadata: {
      ...{ $correlationId: 'c', $causationId: 'c', actor: { kind: 'service' }, at: '2026-01-01T12:00:00.000Z' },
    },
  })) as Fact<UserEvent>[];
