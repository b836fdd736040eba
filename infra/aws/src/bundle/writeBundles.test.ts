import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleArguments } from './bundleArguments.js';
import { proxyBehindBalancer } from './proxyBehindBalancer.js';
import { writeBundles } from './writeBundles.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-bundles-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const argumentsFor = (environment: string): string[] => [
  ...['--environment', environment, '--account', '111122223333', '--tag', 'abc-1', '--brokers', 'b-1:9096'],
  ...['--certificates', join(folder, 'rds.pem'), '--output', folder],
];

describe('the bundles', () => {
  it('are a folder for each fleet, with the certificates and, for the APIs, the proxy', async () => {
    await writeFile(join(folder, 'rds.pem'), 'certificates');
    const { target, certificates, output } = bundleArguments(argumentsFor('staging'));
    const folders = await writeBundles(output, target, {
      certificates,
      proxy: proxyBehindBalancer(target.environment),
    });
    expect(folders.map((path) => relative(folder, path))).toEqual([
      'staging-api',
      'staging-projector',
      'staging-notifier',
      'staging-notary',
    ]);
    for (const path of folders) {
      const { AWSEBDockerrunVersion, containerDefinitions } = JSON.parse(
        await readFile(join(path, 'Dockerrun.aws.json'), 'utf8'),
      );
      expect(AWSEBDockerrunVersion).toBe(2);
      expect(containerDefinitions[0].image).toBe('111122223333.dkr.ecr.us-east-1.amazonaws.com/ums/service:abc-1');
      expect(await readFile(join(path, 'certificates', 'ca.pem'), 'utf8')).toBe('certificates');
    }
    expect(await readFile(join(folder, 'staging-api', 'proxy', 'nginx.conf'), 'utf8')).toContain(
      'set_real_ip_from 10.40.0.0/16;',
    );
  });

  it('need every option, and an environment that exists', () => {
    expect(() => bundleArguments(argumentsFor('elsewhere'))).toThrow(
      '--environment must be one of development, test, staging, production',
    );
    expect(() => bundleArguments(argumentsFor('staging').filter((_, index) => index !== 4 && index !== 5))).toThrow(
      '--tag is missing',
    );
    expect(() => bundleArguments(argumentsFor('staging').map((text) => text.replace('b-1:9096', 'None')))).toThrow(
      '--brokers must be a list like broker-1:9096,broker-2:9096',
    );
  });
});
