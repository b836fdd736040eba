import { CONSISTENCY_HEADER } from '@ums/contracts/consistencyToken';
import { QUERY_PARAMETERS } from '@ums/contracts/generated/queryParameters';
import { RECEIPT_HEADER } from '@ums/contracts/http/erasure';
import { PROBLEM_PAGES } from '@ums/contracts/http/problemPages';
import { API_PREFIX, ROUTES } from '@ums/contracts/routes';
import type { HostedApi } from '@ums/kit/http/request/routeTable';

/** The API of this service, for the HTTP host of every process that serves a part of it. */
export const USER_API: HostedApi = {
  service: 'user-management',
  prefix: API_PREFIX,
  routes: ROUTES,
  headers: [CONSISTENCY_HEADER],
  answerHeaders: [RECEIPT_HEADER],
  queryParameters: QUERY_PARAMETERS,
  problemPages: PROBLEM_PAGES,
};
