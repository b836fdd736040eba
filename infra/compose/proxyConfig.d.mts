import type { Route } from '../../contracts/src/routes.js';

export function proxyConfig(routes: readonly Pick<Route, 'method' | 'path' | 'owner'>[], prefix: string): string;
