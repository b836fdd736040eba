import { resolve } from 'node:path';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import type { Environment } from '@ums/kit/env';
import { brokerVariables } from '@ums/kit/kafka/kafkaSettings';
import { createLog } from '@ums/kit/log';
import { readRepublishConfig } from '@ums/projector/config';
import { republish } from '@ums/projector/republish';
import { readRepublishOrder } from './readRepublishOrder.js';

/**
 * `npm run -s publish`: publishes events or states to Kafka again.
 * @returns the sentence to print.
 * @throws StartRefused with one sentence, or the usage.
 */
export const publishCommand = async (
  args: readonly string[],
  env: Environment,
  print: (line: string) => void,
): Promise<string> => {
  const order = readRepublishOrder(args);
  const config = readRepublishConfig(await publishEnvironment(env, readDataDir({ ...env })));
  return republish(order, config, { log: createLog({ service: 'publish', level: 'silent' }), print });
};

const URLS = ['EVENTSTORE_URL', 'DATABASE_URL'] as const;

/**
 * The configuration of the command: the caller's environment if it sets one of the URLs, otherwise the URLs of the service that
 * is running on the data folder, and the caller's KAFKA_BROKERS or those that were started with the service.
 * @throws EngineFailed when no service is running there.
 */
export const publishEnvironment = async (env: Environment, dataDir: string): Promise<Environment> => {
  if (URLS.some((name) => env[name])) return env;
  ignoreShellSettings();
  const { eventLog, users, kafkaBrokers } = await readEngines(resolve(dataDir));
  return {
    ...brokerVariables(env),
    EVENTSTORE_URL: eventLog,
    DATABASE_URL: users,
    KAFKA_BROKERS: env.KAFKA_BROKERS || kafkaBrokers,
  };
};
