/** Writes the configuration of the reverse proxy from the compiled routes: `node infra/compose/writeProxyConfig.mjs` */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_PREFIX, ROUTES } from '../../contracts/dist/routes.js';
import { proxyConfig } from './proxyConfig.mjs';

await writeFile(join(import.meta.dirname, 'nginx.conf'), proxyConfig(ROUTES, API_PREFIX));
