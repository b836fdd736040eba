import { CONSISTENCY_HEADER } from '@ums/contracts/consistencyToken';
import { API_PREFIX, ROUTES } from '@ums/contracts/routes';
import type { HostedApi } from '../src/http/hostedApi.js';

/** The real routes, for tests of the host. */
export const hostedApi: HostedApi = {
  ...{ service: 'user-management', prefix: API_PREFIX, routes: ROUTES, headers: [CONSISTENCY_HEADER] },
};
