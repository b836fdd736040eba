import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig as commandApi } from '@ums/command-api/config';
import { ConfigFault, type Environment } from '@ums/kit/env';
import { readConfig as notary } from '@ums/notary/config';
import { readConfig as notifier } from '@ums/notifier/config';
import { readConfig as projector } from '@ums/projector/config';
import { readConfig as queryApi } from '@ums/query-api/config';
import { parse } from 'yaml';
import { type Dockerrun, dockerrun } from '../src/bundle/dockerrun.js';
import { secretName } from '../src/naming/names.js';
import { CONTAINERS, type Container } from '../src/settings/containers.js';
import { ENVIRONMENTS, type EnvironmentName } from '../src/size/environments.js';
import { resourcesIn } from './synthesized.js';

const COMPOSE = join(import.meta.dirname, '..', '..', '..', 'docker-compose.yml');

const READERS: Readonly<Record<string, (env: Environment) => object>> = {
  'command-api': commandApi,
  'query-api': (env) => queryApi({ ...env }),
  projector: (env) => projector({ ...env }),
  notifier: (env) => notifier({ ...env }),
  notary: (env) => notary({ ...env }),
};

const pem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }) =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A value like the one that Secrets Manager makes or an operator stores. */
const sampleOf = (variable: string): string => {
  if (variable === 'EVENTSTORE_URL') return 'esdb://admin:password@eventstore-1.test.ums.internal:2113?tls=true';
  if (variable.endsWith('DATABASE_URL')) return 'postgresql://role:password@host:5432/database?sslmode=verify-full';
  if (variable === 'ACCESS_TOKEN_KEY') return pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  if (variable === 'NOTARY_KEY') return pem(generateKeyPairSync('ed25519').privateKey);
  return randomBytes(33).toString('base64').replace(/[+/]/g, 'x');
};

interface Option {
  Namespace: string;
  OptionName: string;
  Value: unknown;
}

export const optionsOf = (environment: EnvironmentName, fleet: string): readonly Option[] =>
  resourcesIn(environment, 'service', 'AWS::ElasticBeanstalk::Environment')
    .filter(({ Properties }) => Properties.EnvironmentName === `ums-${environment}-${fleet}`)
    .flatMap(({ Properties }) => Properties.OptionSettings as Option[]);

/** References to other resources become a name. */
const settingsIn = (environment: EnvironmentName, fleet: string): Record<string, string> =>
  Object.fromEntries(
    optionsOf(environment, fleet)
      .filter(({ Namespace }) => Namespace === 'aws:elasticbeanstalk:application:environment')
      .map(({ OptionName, Value }) => [OptionName, typeof Value === 'string' ? Value : 'name-that-aws-gives']),
  );

const bundleOf = (environment: EnvironmentName, { fleet }: Container): Dockerrun =>
  dockerrun(fleet, { environment, account: '111122223333', tag: 'abc', brokers: 'b-1.kafka:9096,b-2.kafka:9096' });

/** What the process of a container finds in its environment. */
const environmentOf = (environment: EnvironmentName, container: Container): Environment => {
  const definition = bundleOf(environment, container).containerDefinitions.find(({ name }) => name === container.name);
  if (definition === undefined || !('environment' in definition)) throw new Error(`${container.name} is in no bundle`);
  return {
    ...settingsIn(environment, container.fleet),
    ...Object.fromEntries(definition.environment.map(({ name, value }) => [name, value])),
    ...Object.fromEntries(definition.secrets.map(({ name }) => [name, sampleOf(name)])),
  };
};

const cases = ENVIRONMENTS.flatMap((environment) =>
  CONTAINERS.map((container) => [environment, container.name, container] as const),
);

export const settingsTests = (): void =>
  describe('the settings', () => {
    it('are known for every service', () => {
      expect(CONTAINERS.map(({ name }) => name).sort()).toEqual(Object.keys(READERS).sort());
    });

    it.each(cases)('in %s start %s', (environment, _, container) => {
      const env = environmentOf(environment, container);
      const read = READERS[container.name] as (env: Environment) => object;
      expect(() => read(env)).not.toThrow();
      // So that a variable which becomes required makes this test fail.
      for (const { 0: variable } of Object.entries(container.secrets))
        expect(() => read({ ...env, [variable]: undefined })).toThrow(ConfigFault);
    });

    it('reach Kafka where the service publishes or consumes, and nothing else gets its address', () => {
      const withBrokers = CONTAINERS.filter(
        (container) => environmentOf('test', container).KAFKA_BROKERS !== undefined,
      );
      expect(withBrokers.map(({ name }) => name)).toEqual(['projector', 'notifier']);
    });

    it('give each container the memory that docker-compose.yml gives it', () => {
      const { services } = parse(readFileSync(COMPOSE, 'utf8')) as { services: Record<string, { mem_limit: string }> };
      const megabytes = (limit = '') => Number.parseInt(limit, 10) * (limit.endsWith('g') ? 1024 : 1);
      for (const { name, memoryMb } of CONTAINERS)
        expect([name, memoryMb]).toEqual([name, megabytes(services[name]?.mem_limit)]);
    });

    it('name secrets that the stacks make', () => {
      for (const environment of ENVIRONMENTS) {
        const made = [
          ...resourcesIn(environment, 'keys', 'AWS::SecretsManager::Secret'),
          ...resourcesIn(environment, 'data', 'AWS::SecretsManager::Secret'),
        ].map(({ Properties }) => Properties.Name);
        const used = CONTAINERS.flatMap(({ secrets }) => Object.values(secrets));
        expect(made).toEqual(expect.arrayContaining(used.map((name) => secretName(environment, name))));
      }
    });
  });
