import { ROUTES, type Route } from '@ums/contracts/routes';

/** The routes of this service that anybody may call: each costs reads of the databases. */
export const PUBLIC_ROUTES: readonly Route[] = ROUTES.filter(
  ({ owner, access }) => owner === 'query-api' && access === 'public',
);
