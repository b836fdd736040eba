import { parseArgs } from 'node:util';
import { ENVIRONMENTS, type EnvironmentName } from '../size/environments.js';
import type { BundleTarget } from './dockerrun.js';

export interface BundleArguments {
  target: BundleTarget;
  /** File with certificates in PEM. */
  certificates: string;
  output: string;
}

const isEnvironment = (name: string): name is EnvironmentName => (ENVIRONMENTS as readonly string[]).includes(name);

/** The AWS command line prints `None` for a cluster that has no such listener. */
const BROKERS = /^[\w.-]+:\d+(,[\w.-]+:\d+)*$/;

/**
 * Reads `--environment`, `--account`, `--tag`, `--brokers`, `--certificates` and `--output`.
 * @throws Error that names the option.
 */
export const bundleArguments = (args: readonly string[]): BundleArguments => {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      environment: option,
      account: option,
      tag: option,
      brokers: option,
      certificates: option,
      output: option,
    },
  });
  const required = (name: keyof typeof values): string => {
    const value = values[name];
    if (!value) throw new Error(`--${name} is missing`);
    return value;
  };
  const environment = required('environment');
  if (!isEnvironment(environment)) throw new Error(`--environment must be one of ${ENVIRONMENTS.join(', ')}`);
  const brokers = required('brokers');
  if (!BROKERS.test(brokers)) throw new Error('--brokers must be a list like broker-1:9096,broker-2:9096');
  return {
    target: { environment, account: required('account'), tag: required('tag'), brokers },
    certificates: required('certificates'),
    output: required('output'),
  };
};
