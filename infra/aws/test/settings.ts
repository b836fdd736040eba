import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig as commandApi } from '@ums/command-api/config';
import { API_PREFIX, ROUTES } from '@ums/contracts/routes';
import { ConfigFault, type Environment } from '@ums/kit/env';
import { brokerAccess } from '@ums/kit/kafka/kafkaSettings';
import { readConfig as notary } from '@ums/notary/config';
import { readConfig as notifier } from '@ums/notifier/config';
import { readConfig as projector } from '@ums/projector/config';
import { readConfig as queryApi } from '@ums/query-api/config';
import { parse } from 'yaml';
import { CONTAINERS } from '../src/settings/containers.js';
import { secretSources } from '../src/settings/secretSources.js';
import { ENVIRONMENTS, SIZES } from '../src/size/environments.js';
import { environmentOf, optionsOf, sampleOf } from './containerEnvironment.js';
import { resourcesIn } from './synthesized.js';

const COMPOSE = join(import.meta.dirname, '..', '..', '..', 'docker-compose.yml');
const CHART_SERVICES = join(import.meta.dirname, '..', '..', 'kubernetes', 'chart', 'files', 'services.yaml');

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

    it('reach Kafka by TLS and SCRAM where the service reads its address, and nobody else gets one', () => {
      for (const container of CONTAINERS) {
        const env = environmentOf('test', container);
        const config = READERS[container.name]?.(env) ?? {};
        expect([container.name, env.KAFKA_BROKERS !== undefined]).toEqual([container.name, 'KAFKA_BROKERS' in config]);
        if (env.KAFKA_BROKERS === undefined) continue;
        expect(brokerAccess(env.KAFKA_BROKERS.split(','), config)).toMatchObject({
          brokers: ['b-1.kafka:9096', 'b-2.kafka:9096'],
          tls: {},
          sasl: { mechanism: 'scram-sha-512', username: env.KAFKA_USERNAME, password: env.KAFKA_PASSWORD },
        });
      }
    });

    it('K-04 let no service use an engine in plain text', () => {
      for (const container of CONTAINERS)
        expect(() =>
          READERS[container.name]?.({ ...environmentOf('test', container), NODE_ENV: 'production' }),
        ).not.toThrow();
    });

    const replaceable = CONTAINERS.flatMap((container) =>
      container.replaceable.map((name) => [container.name, `${name}_PREVIOUS`, container] as const),
    );

    it.each(replaceable)('let %s go on without %s, and with the secret that was replaced', (_, variable, container) => {
      const read = READERS[container.name] as (env: Environment) => Record<string, unknown>;
      expect(read(environmentOf('test', container))[variable]).toBeUndefined();
      expect(read(environmentOf('test', container, () => undefined))[variable]).toBeUndefined();
      expect(read(environmentOf('test', container, sampleOf))[variable]).toBeDefined();
    });

    it('know the secret before for every one of which a service reads it', () => {
      const chart = parse(readFileSync(CHART_SERVICES, 'utf8')) as Record<string, { optionalSecrets: string[] }>;
      for (const { name, replaceable: known } of CONTAINERS) {
        const previous = chart[name]?.optionalSecrets.filter((secret) => secret.endsWith('_PREVIOUS')) ?? [];
        expect([name, known.map((secret) => `${secret}_PREVIOUS`).sort()]).toEqual([name, previous.sort()]);
      }
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
        const used = CONTAINERS.flatMap((container) => secretSources(container, environment));
        expect(made).toEqual(expect.arrayContaining(used.map(({ secret }) => secret)));
      }
    });
  });
