import type { Actor } from '@ums/contracts/metadata';
import type { Principal } from './principal.js';

/** The actor of what an auditor or administrator does in an audit. Who holds both roles acts as administrator. */
export const auditActor = ({ userId, roles }: Pick<Principal, 'userId' | 'roles'>): Actor => ({
  kind: roles.includes('admin') ? 'admin' : 'auditor',
  id: userId,
});
