import { randomUUID } from 'node:crypto';
import type { Role } from '@ums/contracts/roles';
import type { CommandDeps } from '../src/commandDeps.js';
import { ownCause } from '../src/facts/cause.js';
import { handle } from '../src/facts/handle.js';
import { decide } from '../src/user/decide.js';

/** Grants a role as no route does yet. */
export const grantRole = (deps: CommandDeps, userId: string, role: Role) =>
  handle(deps, {
    userId,
    decide: (user) => decide({ type: 'GrantRole', role }, user),
    cause: ownCause('test', { id: randomUUID() }),
  });
