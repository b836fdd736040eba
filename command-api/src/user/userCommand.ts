import type { Role } from '@ums/contracts/roles';

/** What may be asked of a user's stream. Hashes, names and addresses arrive checked and in their stored form. */
export type UserCommand =
  | { type: 'RegisterUser'; registrationId: string; email: string; name: string; passwordHash: string }
  | { type: 'RenameUser'; name: string }
  | { type: 'SuspendUser' }
  | { type: 'ReinstateUser' }
  | { type: 'GrantRole'; role: Role }
  | { type: 'RevokeRole'; role: Role }
  /** `verifiedHash`: the stored hash the current password was verified against. */
  | { type: 'ChangePassword'; verifiedHash: string; passwordHash: string }
  | { type: 'UpgradePasswordHash'; verifiedHash: string; passwordHash: string }
  | { type: 'StartErasure'; verifiedHash: string }
  | { type: 'FinishErasure' };
