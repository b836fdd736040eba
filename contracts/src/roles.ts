/** What an account may do beyond being itself. Granted and revoked by events alone; everything else is denied by default. */
export const ROLES = ['user', 'admin', 'auditor', 'service'] as const;

export type Role = (typeof ROLES)[number];

export const isRole = (value: unknown): value is Role => ROLES.includes(value as Role);
