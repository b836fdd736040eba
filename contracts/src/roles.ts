/** Roles of accounts. Only events grant and revoke them; a route that names no role an account holds is denied. */
export const ROLES = ['user', 'admin', 'auditor', 'service'] as const;

export type Role = (typeof ROLES)[number];

export const isRole = (value: unknown): value is Role => ROLES.includes(value as Role);
