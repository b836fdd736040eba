import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Environment } from '@ums/kit/env';
import { type Dockerrun, dockerrun } from '../src/bundle/dockerrun.js';
import { UNSET } from '../src/keys/serviceSecrets.js';
import type { Container } from '../src/settings/containers.js';
import type { EnvironmentName } from '../src/size/environments.js';
import { resourcesIn } from './synthesized.js';

const pem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }) =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A value like the one that Secrets Manager makes or an operator stores. */
export const sampleOf = (variable: string): string => {
  if (variable === 'EVENTSTORE_URL') return 'esdb://admin:password@eventstore-1.test.ums.internal:2113?tls=true';
  if (variable.endsWith('DATABASE_URL')) return 'postgresql://role:password@host:5432/database?sslmode=verify-full';
  if (variable === 'ACCESS_TOKEN_KEY' || variable === 'ACCESS_TOKEN_KEY_PREVIOUS')
    return pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  if (variable === 'NOTARY_KEY' || variable === 'NOTARY_KEY_PREVIOUS')
    return pem(generateKeyPairSync('ed25519').privateKey);
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

/** A name like the one that AWS gives when it creates the resource. */
const nameFor = (variable: string): string =>
  variable === 'SES_FEEDBACK_TOPIC_ARN' ? 'arn:aws:sns:us-east-1:111122223333:bounces' : 'name-that-aws-gives';

/** References to other resources become a name. */
const settingsIn = (environment: EnvironmentName, fleet: string): Record<string, string> =>
  Object.fromEntries(
    optionsOf(environment, fleet)
      .filter(({ Namespace }) => Namespace === 'aws:elasticbeanstalk:application:environment')
      .map(({ OptionName, Value }) => [OptionName, typeof Value === 'string' ? Value : nameFor(OptionName)]),
  );

const bundleOf = (environment: EnvironmentName, { fleet }: Container): Dockerrun =>
  dockerrun(fleet, { environment, account: '111122223333', tag: 'abc', brokers: 'b-1.kafka:9096,b-2.kafka:9096' });

/**
 * What the process of a container finds in its environment.
 * @param previous the values of secrets before; by default none was ever replaced
 */
export const environmentOf = (
  environment: EnvironmentName,
  container: Container,
  previous: (variable: string) => string | undefined = () => UNSET,
): Environment => {
  const definition = bundleOf(environment, container).containerDefinitions.find(({ name }) => name === container.name);
  if (definition === undefined || !('environment' in definition)) throw new Error(`${container.name} is in no bundle`);
  return {
    ...settingsIn(environment, container.fleet),
    ...Object.fromEntries(definition.environment.map(({ name, value }) => [name, value])),
    ...Object.fromEntries(
      definition.secrets.map(({ name }) => [name, name.endsWith('_PREVIOUS') ? previous(name) : sampleOf(name)]),
    ),
  };
};
