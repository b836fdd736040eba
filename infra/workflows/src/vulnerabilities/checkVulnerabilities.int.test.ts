import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { atEndOfFile, temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { checkVulnerabilities } from './checkVulnerabilities.js';

const NPM_TIMEOUT_MS = 180_000;

const registryThat = async (answer: RequestListener): Promise<string> => {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  atEndOfFile(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

/** Runs npm on a project that has locked `left` 1.0.0, with a registry of this test. */
const check = async (registry: string) => {
  const root = await temporaryFolder('ums-audit-');
  const project = { name: 'project', version: '1.0.0', dependencies: { left: '1.0.0' } };
  const locked = { version: '1.0.0', resolved: `${registry}left-1.0.0.tgz` };
  const packages = { '': project, 'node_modules/left': locked };
  await writeFile(join(root, 'package.json'), JSON.stringify(project));
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ ...project, lockfileVersion: 3, packages }));
  await mkdir(join(root, 'node_modules', 'left'), { recursive: true });
  await writeFile(join(root, 'node_modules', 'left', 'package.json'), '{"name":"left","version":"1.0.0"}');
  const own = { npm_config_registry: registry, npm_config_cache: join(root, 'cache'), npm_config_fetch_retries: '0' };
  const shown = await checkVulnerabilities(root, { ...process.env, ...own }).catch((error: Error) => error.message);
  return typeof shown === 'string' ? shown : `${shown.exitCode}: ${shown.text}`;
};

/** A registry with one advisory for `left`. */
const advising = (severity: string) =>
  registryThat((request, response) => {
    const advisory = {
      id: 1,
      url: 'https://advisories.example/1',
      title: 'Code runs',
      severity,
      vulnerable_versions: '<2.0.0',
    };
    const versions = Object.fromEntries(['1.0.0', '2.0.0'].map((version) => [version, { name: 'left', version }]));
    const body = request.method === 'POST' ? { left: [advisory] } : { name: 'left', versions };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });

const answering = (status: number) =>
  registryThat((_request, response) => {
    response.statusCode = status;
    response.end();
  });

describe('npm run vulnerabilities', () => {
  it.each(['high', 'critical'])(
    'fails for a vulnerability that is %s, and says of which package',
    async (severity) => {
      expect(await check(await advising(severity))).toBe(
        `left 1.0.0: ${severity}: Code runs, https://advisories.example/1`,
      );
    },
    NPM_TIMEOUT_MS,
  );

  it(
    'passes where none is, and says how many packages it has looked at',
    async () => {
      expect(await check(await advising('moderate'))).toMatch(/^0: No vulnerability of \d packages is known/);
    },
    NPM_TIMEOUT_MS,
  );

  it.each([404, 405])(
    'says that nothing was checked where the registry has no such service (%d)',
    async (status) => {
      const registry = await answering(status);
      expect(await check(registry)).toMatch(
        new RegExp(`^69: Nothing was checked: the registry has no audit service \\(${registry}`),
      );
    },
    NPM_TIMEOUT_MS,
  );

  it(
    'fails where the registry fails, is not there, or there is no npm',
    async () => {
      expect(await check(await answering(500))).toContain('The registry could not be asked for vulnerabilities: 500');
      expect(await check('http://127.0.0.1:1/')).toContain('The registry could not be asked for vulnerabilities: ');
      await expect(checkVulnerabilities('.', { PATH: '/nowhere' })).rejects.toThrow('npm audit has printed nothing');
    },
    NPM_TIMEOUT_MS,
  );
});
