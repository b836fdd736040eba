import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '@ums/contracts/events/event';
import type { ActorKind } from '@ums/contracts/metadata';
import type { Role } from '@ums/contracts/roles';
import { grantStream, userStream } from '@ums/contracts/streams';
import { ANY } from '@ums/kit/event-log/eventLog';
import { type AppendDeps, appendFacts } from '@ums/kit/facts/appendFacts';

export const PURPOSE = 'Complaint of the user, ticket 4711';

/** Writes users and grants to an event log, as commands do. The data keys of the users must exist. */
export const auditLog = (deps: AppendDeps) => {
  const append = (stream: string, events: DomainEvent[], by: { kind: ActorKind; id: string }) =>
    appendFacts(deps, {
      ...{ stream, events, expected: ANY },
      cause: { correlationId: randomUUID(), causationId: randomUUID(), actor: by },
    });

  const appendToUser = (userId: string, event: DomainEvent) =>
    append(userStream(userId), [event], { kind: 'user', id: userId });

  return {
    register: (userId: string, roles: Role[]) =>
      appendToUser(userId, {
        type: 'UserRegistered',
        data: {
          ...{ registrationId: randomUUID(), email: 'ada@example.org', name: 'Ada', passwordHash: 'a hash' },
          ...{ roles, locale: 'en' },
        },
      }),
    change: appendToUser,
    ask: async (askedBy: string, userId: string, minutes = 60): Promise<string> => {
      const grantId = randomUUID();
      const data = { userId, minutes, purpose: PURPOSE };
      await append(grantStream(grantId), [{ type: 'AccessRequested', data }], { kind: 'auditor', id: askedBy });
      return grantId;
    },
    decide: (grantId: string, decision: 'AccessApproved' | 'AccessRefused', by: string) =>
      append(grantStream(grantId), [{ type: decision, data: {} }], { kind: 'admin', id: by }),
    end: (grantId: string, reason: 'withdrawn' | 'revoked', by: string) =>
      append(grantStream(grantId), [{ type: 'AccessEnded', data: { reason } }], { kind: 'admin', id: by }),
  };
};
