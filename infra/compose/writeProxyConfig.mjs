/** Writes the configurations of the reverse proxies from the compiled routes: `node infra/compose/writeProxyConfig.mjs` */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_PREFIX, ROUTES } from '../../contracts/dist/routes.js';
import { IN_KUBERNETES, proxyConfig } from './proxyConfig.mjs';

const CHART = join(import.meta.dirname, '..', 'kubernetes', 'chart', 'files', 'nginx.conf');
await writeFile(join(import.meta.dirname, 'nginx.conf'), proxyConfig(ROUTES, API_PREFIX));
await writeFile(CHART, proxyConfig(ROUTES, API_PREFIX, IN_KUBERNETES));
