import { kafkaUserName, secretName } from '../naming/names.js';
import type { EnvironmentName } from '../size/environments.js';
import { CONTAINERS, type Container } from './containers.js';

/** Where ECS finds the value of a variable. */
export interface SecretSource {
  variable: string;
  /** Name in Secrets Manager. */
  secret: string;
  /** Member of the secret, which is an object in JSON; without it, the whole secret is the value. */
  member?: string;
}

/** The variable, and secret, with the value that another secret had before. */
const previousOf = (secret: string): string => `${secret}_PREVIOUS`;

/** Names below an environment of the secrets with values that were replaced, of all containers. */
export const PREVIOUS_SECRETS: readonly string[] = [
  ...new Set(CONTAINERS.flatMap(({ replaceable }) => replaceable.map(previousOf))),
];

/** The secrets of a container: those that its service requires, those before them, and its user at the brokers. */
export const secretSources = (
  { secrets, replaceable, usesKafka }: Container,
  environment: EnvironmentName,
): readonly SecretSource[] => {
  const named = (variable: string, name: string) => ({ variable, secret: secretName(environment, name) });
  const kafka = kafkaUserName(environment);
  return [
    ...Object.entries(secrets).map(([variable, name]) => named(variable, name)),
    ...replaceable.map(previousOf).map((variable) => named(variable, variable)),
    ...(usesKafka
      ? [
          { variable: 'KAFKA_USERNAME', secret: kafka, member: 'username' },
          { variable: 'KAFKA_PASSWORD', secret: kafka, member: 'password' },
        ]
      : []),
  ];
};
