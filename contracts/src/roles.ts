/** Roles of accounts. Only events grant and revoke them; a route that names no role an account holds is denied. */
export const ROLES = ['user', 'admin', 'auditor', 'service'] as const;

export type Role = (typeof ROLES)[number];

/** Roles whose holders may see what happened to other users. */
export const AUDIT_ROLES = ['auditor', 'admin'] as const satisfies readonly Role[];

export const isRole = (value: unknown): value is Role => ROLES.includes(value as Role);
