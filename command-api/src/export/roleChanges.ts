import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Role } from '@ums/contracts/roles';

/** A role that a user got or lost. */
export interface RoleChange {
  at: string;
  role: Role;
  change: 'granted' | 'revoked';
  /** Who did it; `id` is the id of a user, or the name of a service. */
  by: { kind: string; id: string | null };
}

/** What became of the roles of a user, oldest first, those of the registration included. */
export const roleChanges = (facts: readonly Fact<UserEvent>[]): RoleChange[] =>
  facts.flatMap((fact): RoleChange[] => {
    const { at, actor } = fact.metadata;
    const by = { kind: actor.kind, id: actor.id ?? null };
    switch (fact.type) {
      case 'UserRegistered':
        return fact.data.roles.map((role) => ({ at, role, change: 'granted', by }));
      case 'RoleGranted':
        return [{ at, role: fact.data.role, change: 'granted', by }];
      case 'RoleRevoked':
        return [{ at, role: fact.data.role, change: 'revoked', by }];
      default:
        return [];
    }
  });
