/** Name of the administrator of Postgres: `npm run databases` makes it the owner of the database `users`. */
export const ADMINISTRATOR = 'postgres';

/**
 * Parameters of the URL of `npm run databases`. The administrator of RDS is no superuser. It may create roles, but since
 * Postgres 16 it may give databases to them only if it takes part in them (`createrole_self_grant`).
 */
export const ADMINISTRATOR_PARAMETERS = 'options=-c%20createrole_self_grant%3Dset%2Cinherit';
