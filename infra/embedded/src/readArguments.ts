import type { Environment } from '@ums/kit/env';
import { StartRefused } from '@ums/kit/startRefused';

/** The argument of `npm start` that starts a real Kafka and a real OpenSearch as well. */
export const WITH_ENGINES = '--engines';

/** Settings that name engines of the caller. */
const ENGINE_SETTINGS = ['KAFKA_BROKERS', 'OPENSEARCH_URL'];

/** Reads the arguments of `npm start`. @throws StartRefused with one sentence. */
export const readArguments = (args: readonly string[], env: Environment): { withEngines: boolean } => {
  const unknown = args.find((arg) => arg !== WITH_ENGINES);
  if (unknown !== undefined)
    throw new StartRefused(`npm start accepts no argument ${JSON.stringify(unknown)}, only ${WITH_ENGINES}.`);
  const withEngines = args.length > 0;
  const given = ENGINE_SETTINGS.filter((name) => env[name]?.trim());
  if (withEngines && given.length > 0)
    throw new StartRefused(`${WITH_ENGINES} starts Kafka and OpenSearch, so ${given.join(' and ')} must not be set.`);
  return { withEngines };
};
