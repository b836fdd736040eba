import { describe, expect, it } from '@jest/globals';
import { dockerrun } from '../src/bundle/dockerrun.js';
import { CONTAINERS, FLEETS } from '../src/settings/containers.js';
import { ENVIRONMENTS } from '../src/size/environments.js';
import { optionsOf } from './containerEnvironment.js';
import { resourcesOf, STACKS } from './synthesized.js';

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
      expect(secrets).toHaveLength(ENVIRONMENTS.length * (5 + 5 + 6 + 1 + 10 + 1));
      for (const { Properties } of secrets) {
        const text = Properties.SecretString === undefined ? undefined : flat(Properties.SecretString);
        if (text !== undefined)
          expect(text).toMatch(/^[a-z]+:\/\/[a-z]+:\{\{resolve:secretsmanager:.+:SecretString:::\}\}@/);
      }
      for (const { text } of STACKS) expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|AKIA[A-Z0-9]{16}/);
      for (const { Properties } of resourcesOf('AWS::RDS::DBInstance'))
        expect([Properties.ManageMasterUserPassword, Properties.MasterUserPassword]).toEqual([true, undefined]);
    });

    it('are no variables of Elastic Beanstalk, whose console shows them', () => {
      const names = new Set(CONTAINERS.flatMap(({ secrets }) => Object.keys(secrets)));
      for (const environment of ENVIRONMENTS)
        for (const fleet of FLEETS)
          expect(optionsOf(environment, fleet).filter(({ OptionName }) => names.has(OptionName))).toEqual([]);
    });

    it('are in a bundle by name only, and only those of its own containers', () => {
      const target = { environment: 'production', account: '111122223333', tag: 'abc', brokers: 'b:9096' } as const;
      for (const fleet of FLEETS) {
        const definitions = dockerrun(fleet, target).containerDefinitions;
        for (const definition of definitions) {
          const given = 'secrets' in definition ? definition.secrets : [];
          const own = CONTAINERS.find(({ name }) => name === definition.name)?.secrets ?? {};
          expect(given).toEqual(
            Object.entries(own).map(([name, secret]) => ({
              name,
              valueFrom: `arn:aws:secretsmanager:us-east-1:111122223333:secret:ums/production/${secret}`,
            })),
          );
        }
      }
    });

    it('stay in their container: none links to another, which would hand over the whole environment', () => {
      const target = { environment: 'production', account: '111122223333', tag: 'abc' } as const;
      const bundles = FLEETS.map((fleet) => JSON.stringify(dockerrun(fleet, target)));
      expect(bundles.filter((bundle) => bundle.includes('"links"') || bundle.includes('volumesFrom'))).toEqual([]);
    });

    it('stay when a stack is deleted', () => {
      for (const { DeletionPolicy } of resourcesOf('AWS::SecretsManager::Secret', 'AWS::KMS::Key'))
        expect(DeletionPolicy).toBe('Retain');
    });
  });
