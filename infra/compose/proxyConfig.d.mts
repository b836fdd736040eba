import type { Route } from '../../contracts/src/routes.js';

/** What differs between the places where the proxy runs. */
export interface ProxyPlace {
  lines: string;
  pass: string;
  scheme: string;
  locations: string;
}

export const IN_KUBERNETES: ProxyPlace;

export function behindBalancer(
  addresses: string,
  ports: Readonly<Record<Route['owner'], number>>,
  publicUrl: string,
): ProxyPlace;

export function proxyConfig(
  routes: readonly Pick<Route, 'method' | 'path' | 'owner'>[],
  prefix: string,
  place?: ProxyPlace,
): string;
