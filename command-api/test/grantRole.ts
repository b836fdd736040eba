import { randomUUID } from 'node:crypto';
import type { Role } from '@ums/contracts/roles';
import { serviceCause } from '@ums/kit/facts/cause';
import { changeUser } from '../src/change/changeUser.js';
import type { CommandDeps } from '../src/commandDeps.js';
import { decide } from '../src/user/decide.js';

/** Grants a role directly: no route does so yet. */
export const grantRole = (deps: CommandDeps, userId: string, role: Role) =>
  changeUser(deps, {
    userId,
    decide: (user) => decide({ type: 'GrantRole', role }, user),
    cause: serviceCause('test', { id: randomUUID() }),
  });
