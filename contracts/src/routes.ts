import type { Role } from './roles.js';

export type HttpMethod = 'get' | 'post' | 'put' | 'delete';
export type RouteOwner = 'command-api' | 'query-api';

/** Who may call a route: every client, holders of a live access token, or holders of one of the roles named. */
export type Access = 'public' | 'signed-in' | readonly Role[];

export interface Route {
  method: HttpMethod;
  /** Below {@link API_PREFIX}; parameters as `{name}`. */
  path: string;
  owner: RouteOwner;
  access: Access;
  /** It checks a secret, so the limits must count its failures. */
  checksSecret?: true;
  /** Its body may also be a browser's form: the page of a mailed link posts one. */
  acceptsForm?: true;
  /** Its body may also be multipart/form-data with the file `picture`. */
  acceptsFile?: true;
  /** Its body is JSON that comes as text/plain, of up to 256 KiB: SNS sends its notices so. */
  acceptsNotice?: true;
}

/** Prefix of the path of every route, without trailing slash. */
export const API_PREFIX = '/api/v1';

const administrators = ['admin'] as const;
const auditors = ['auditor', 'admin'] as const;

/** Every route of the API. A reverse proxy in front of separate services uses it; tests compare it with the OpenAPI document. */
export const ROUTES: readonly Route[] = [
  { method: 'post', path: '/auth/register', owner: 'command-api', access: 'public', acceptsFile: true },
  { method: 'get', path: '/auth/confirm', owner: 'command-api', access: 'public' },
  {
    method: 'post',
    path: '/auth/confirm',
    owner: 'command-api',
    access: 'public',
    checksSecret: true,
    acceptsForm: true,
  },
  { method: 'post', path: '/auth/send', owner: 'command-api', access: 'public' },
  { method: 'post', path: '/auth/password-reset', owner: 'command-api', access: 'public' },
  { method: 'post', path: '/auth/login', owner: 'command-api', access: 'public', checksSecret: true },
  { method: 'post', path: '/auth/refresh', owner: 'command-api', access: 'public', checksSecret: true },
  { method: 'get', path: '/auth/refresh', owner: 'command-api', access: 'public', checksSecret: true },
  { method: 'post', path: '/auth/logout', owner: 'command-api', access: 'public', checksSecret: true },
  { method: 'get', path: '/user', owner: 'query-api', access: 'signed-in' },
  { method: 'put', path: '/user', owner: 'command-api', access: 'signed-in', checksSecret: true, acceptsFile: true },
  { method: 'put', path: '/user/password', owner: 'command-api', access: 'signed-in', checksSecret: true },
  { method: 'get', path: '/user/sessions', owner: 'command-api', access: 'signed-in' },
  { method: 'post', path: '/user/sessions/end', owner: 'command-api', access: 'signed-in', checksSecret: true },
  { method: 'post', path: '/user/sessions/{id}/end', owner: 'command-api', access: 'signed-in', checksSecret: true },
  { method: 'delete', path: '/user/picture', owner: 'command-api', access: 'signed-in' },
  { method: 'delete', path: '/user', owner: 'command-api', access: 'signed-in', checksSecret: true },
  { method: 'post', path: '/user/erasure', owner: 'command-api', access: 'signed-in', checksSecret: true },
  { method: 'post', path: '/user/export', owner: 'command-api', access: 'signed-in', checksSecret: true },
  { method: 'get', path: '/users', owner: 'query-api', access: administrators },
  { method: 'get', path: '/users/summary', owner: 'query-api', access: administrators },
  { method: 'get', path: '/users/{id}', owner: 'query-api', access: auditors },
  { method: 'put', path: '/users/{id}/roles', owner: 'command-api', access: administrators, checksSecret: true },
  { method: 'post', path: '/users/{id}/suspension', owner: 'command-api', access: administrators },
  { method: 'delete', path: '/users/{id}/suspension', owner: 'command-api', access: administrators },
  { method: 'post', path: '/users/{id}/suspension/end', owner: 'command-api', access: administrators },
  { method: 'post', path: '/users/{id}/mail-block/end', owner: 'command-api', access: administrators },
  { method: 'post', path: '/users/{id}/erasure', owner: 'command-api', access: administrators, checksSecret: true },
  { method: 'post', path: '/users/{id}/export', owner: 'command-api', access: administrators, checksSecret: true },
  { method: 'post', path: '/hooks/ses', owner: 'command-api', access: 'public', acceptsNotice: true },
  { method: 'get', path: '/erasures/{receipt}', owner: 'query-api', access: 'public' },
  { method: 'post', path: '/audit/grants', owner: 'command-api', access: auditors, checksSecret: true },
  { method: 'get', path: '/audit/grants', owner: 'query-api', access: auditors },
  { method: 'get', path: '/audit/grants/{id}', owner: 'query-api', access: auditors },
  { method: 'post', path: '/audit/grants/{id}/decision', owner: 'command-api', access: auditors, checksSecret: true },
  { method: 'delete', path: '/audit/grants/{id}', owner: 'command-api', access: auditors },
  { method: 'get', path: '/user/history', owner: 'query-api', access: 'signed-in' },
  { method: 'get', path: '/users/{id}/history', owner: 'query-api', access: auditors },
  { method: 'get', path: '/users/{id}/history/proof', owner: 'query-api', access: auditors },
  { method: 'get', path: '/user/history/proof', owner: 'query-api', access: 'signed-in' },
  { method: 'get', path: '/audit/checkpoint', owner: 'query-api', access: auditors },
  { method: 'get', path: '/audit/proof', owner: 'query-api', access: auditors },
  { method: 'get', path: '/audit/consistency', owner: 'query-api', access: auditors },
  { method: 'get', path: '/audit/events', owner: 'query-api', access: auditors },
];
