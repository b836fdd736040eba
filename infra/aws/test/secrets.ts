import { describe, expect, it } from '@jest/globals';
import { dockerrun } from '../src/bundle/dockerrun.js';
import { UNSET } from '../src/keys/serviceSecrets.js';
import { CONTAINERS, containersOf, FLEETS } from '../src/settings/containers.js';
import { secretSources } from '../src/settings/secretSources.js';
import { ENVIRONMENTS } from '../src/size/environments.js';
import { optionsOf } from './containerEnvironment.js';
import { resourcesIn, resourcesOf, STACKS } from './synthesized.js';

const TARGET = { environment: 'production', account: '111122223333', tag: 'abc', brokers: 'b:9096' } as const;

/** Joins the parts of `Fn::Join`; a reference becomes its JSON. */
const flat = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const parts = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1];
  return parts === undefined ? JSON.stringify(value) : parts.map(flat).join('');
};

export const secretTests = (): void =>
  describe('secrets', () => {
    it('K-01 are in no template in clear: a value is made by Secrets Manager, stored by an operator, or refers to another', () => {
      const secrets = resourcesOf('AWS::SecretsManager::Secret');
      const current = secrets.filter(({ Properties }) => !(Properties.Name as string).endsWith('_PREVIOUS'));
      expect(current).toHaveLength(ENVIRONMENTS.length * (5 + 5 + 6 + 1 + 10 + 1));
      for (const { Properties } of secrets) {
        const text = Properties.SecretString === undefined ? undefined : flat(Properties.SecretString);
        const replaced = (Properties.Name as string).endsWith('_PREVIOUS');
        if (replaced) expect(text).toBe(UNSET);
        else if (text !== undefined)
          expect(text).toMatch(/^[a-z]+:\/\/[a-z]+:\{\{resolve:secretsmanager:.+:SecretString:::\}\}@/);
      }
      for (const { text } of STACKS) expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|AKIA[A-Z0-9]{16}/);
      for (const { Properties } of resourcesOf('AWS::RDS::DBInstance'))
        expect([Properties.ManageMasterUserPassword, Properties.MasterUserPassword]).toEqual([true, undefined]);
    });

    it('are no variables of Elastic Beanstalk, whose console shows them', () => {
      const names = new Set(CONTAINERS.flatMap((each) => secretSources(each, 'test').map(({ variable }) => variable)));
      for (const environment of ENVIRONMENTS)
        for (const fleet of FLEETS)
          expect(optionsOf(environment, fleet).filter(({ OptionName }) => names.has(OptionName))).toEqual([]);
    });

    it('are in a bundle by name only, and only those of its own containers', () => {
      for (const fleet of FLEETS) {
        for (const definition of dockerrun(fleet, TARGET).containerDefinitions) {
          const given = 'secrets' in definition ? definition.secrets : [];
          const container = CONTAINERS.find(({ name }) => name === definition.name);
          const own = container === undefined ? [] : Object.entries(container.secrets);
          const before = container?.replaceable.map((name) => [`${name}_PREVIOUS`, `${name}_PREVIOUS`]) ?? [];
          const kafka = ['username', 'password'].map((member) => ({
            name: `KAFKA_${member.toUpperCase()}`,
            valueFrom: `arn:aws:secretsmanager:us-east-1:111122223333:secret:AmazonMSK_ums_production:${member}::`,
          }));
          expect(given).toEqual([
            ...[...own, ...before].map(([name, secret]) => ({
              name,
              valueFrom: `arn:aws:secretsmanager:us-east-1:111122223333:secret:ums/production/${secret}`,
            })),
            ...(container?.usesKafka ? kafka : []),
          ]);
        }
      }
    });

    it('may be fetched for the containers of a fleet that have them, and no others', () => {
      for (const environment of ENVIRONMENTS) {
        for (const fleet of FLEETS) {
          const fetched = resourcesIn(environment, 'service', 'AWS::IAM::Policy')
            .filter(({ id }) => id.startsWith(`${fleet}executionrole`))
            .map(({ Properties }) => JSON.stringify(Properties))
            .flatMap((text) => text.match(/(?<=:secret:)[\w/-]+(?=-\?{6})/g) ?? []);
          const sources = containersOf(fleet).flatMap((container) => secretSources(container, environment));
          expect(fetched.sort()).toEqual([...new Set(sources.map(({ secret }) => secret))].sort());
        }
      }
    });

    it('stay in their container: none links to another, which would hand over the whole environment', () => {
      const bundles = FLEETS.map((fleet) => JSON.stringify(dockerrun(fleet, TARGET)));
      expect(bundles.filter((bundle) => bundle.includes('"links"') || bundle.includes('volumesFrom'))).toEqual([]);
    });

    it('stay when a stack is deleted', () => {
      for (const { DeletionPolicy } of resourcesOf('AWS::SecretsManager::Secret', 'AWS::KMS::Key'))
        expect(DeletionPolicy).toBe('Retain');
    });
  });
