/** Roles of Postgres, as `npm run databases` creates them. */
export const DATABASE_ROLES = ['command', 'query', 'projector', 'notifier', 'notary'] as const;

export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/** The variable of `npm run databases` with the password of a role, which is also the name of its secret. */
export const passwordName = (role: DatabaseRole): string => `DATABASE_PASSWORD_${role.toUpperCase()}`;
