import type { Route } from '../../contracts/src/routes.js';

export type ProxyPlace = 'compose' | 'kubernetes';

export function proxyConfig(
  routes: readonly Pick<Route, 'method' | 'path' | 'owner'>[],
  prefix: string,
  place?: ProxyPlace,
): string;
