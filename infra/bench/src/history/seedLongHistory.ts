import { randomUUID } from 'node:crypto';
import type { RegistrationDeps } from '@ums/command-api/registration/registrationDeps';
import type { UserEvent } from '@ums/contracts/events/user';
import { userStream } from '@ums/contracts/streams';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { newDataKey } from '@ums/kit/sealing/sealing';

/** Writes a user with so many events, all of them with personal values, as command-api would. @returns the user's id */
export const seedLongHistory = async (deps: RegistrationDeps, count: number): Promise<string> => {
  const userId = randomUUID();
  const { wrapped, masterKeyId } = deps.masterKeys.wrap(userId, newDataKey());
  await deps.vault.query('insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)', [
    ...[userId, wrapped, masterKeyId],
  ]);
  const renames = Array.from({ length: count - 1 }, (_, index): UserEvent => {
    return { type: 'UserRenamed', data: { name: `Ada ${index}` } };
  });
  const cause = {
    correlationId: randomUUID(),
    causationId: randomUUID(),
    actor: { kind: 'user', id: userId } as const,
    source: { ip: '192.0.2.7', userAgent: 'bench' },
  };
  await appendFacts(deps, { stream: userStream(userId), events: [REGISTERED, ...renames], expected: NO_STREAM, cause });
  return userId;
};

const REGISTERED: UserEvent = {
  type: 'UserRegistered',
  data: {
    registrationId: randomUUID(),
    ...{ email: 'ada.lovelace@example.org', name: 'Ada Lovelace', roles: ['user'], locale: 'en' },
    passwordHash: `12345678:$2b$12$${'x'.repeat(53)}`,
  },
};
