import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig as commandApi } from '@ums/command-api/config';
import { API_PREFIX, ROUTES } from '@ums/contracts/routes';
import { ConfigFault, type Environment } from '@ums/kit/env';
import { readConfig as notary } from '@ums/notary/config';
import { readConfig as notifier } from '@ums/notifier/config';
import { readConfig as projector } from '@ums/projector/config';
import { readConfig as queryApi } from '@ums/query-api/config';
import { parse } from 'yaml';
import { secretName } from '../src/naming/names.js';
import { CONTAINERS } from '../src/settings/containers.js';
import { ENVIRONMENTS, SIZES } from '../src/size/environments.js';
import { environmentOf, optionsOf } from './containerEnvironment.js';
import { resourcesIn } from './synthesized.js';

const COMPOSE = join(import.meta.dirname, '..', '..', '..', 'docker-compose.yml');

const READERS: Readonly<Record<string, (env: Environment) => object>> = {
  'command-api': commandApi,
  'query-api': (env) => queryApi({ ...env }),
  projector: (env) => projector({ ...env }),
  notifier: (env) => notifier({ ...env }),
  notary: (env) => notary({ ...env }),
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

    it('F-26 let SNS report mails that came back to a route that takes notices, from the topic that the service trusts', () => {
      const [route] = ROUTES.filter(({ acceptsNotice }) => acceptsNotice);
      for (const environment of ENVIRONMENTS) {
        const [subscription] = resourcesIn(environment, 'mail', 'AWS::SNS::Subscription');
        expect(subscription?.Properties.Endpoint).toBe(
          `https://${SIZES[environment].domain}${API_PREFIX}${route?.path}`,
        );
        const trusted = optionsOf(environment, 'api').find(({ OptionName }) => OptionName === 'SES_FEEDBACK_TOPIC_ARN');
        expect(JSON.stringify(trusted?.Value)).toMatch(/bounces/);
      }
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
