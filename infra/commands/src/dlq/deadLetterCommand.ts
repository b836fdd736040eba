import { resolve } from 'node:path';
import { readDataDir } from '@ums/embedded/config';
import { readEngines } from '@ums/embedded/dataFolder/enginesFile';
import { ignoreShellSettings } from '@ums/embedded/ignoreShellSettings';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type Environment, parseEnv } from '@ums/kit/env';
import { brokerAccess, brokerVariables, kafkaSettings } from '@ums/kit/kafka/kafkaSettings';
import { createLog } from '@ums/kit/log';
import { databaseUrl } from '@ums/kit/postgres/databaseUrl';
import { createPool } from '@ums/kit/postgres/pool';
import { StartRefused } from '@ums/kit/startRefused';
import { notifierDeadLetters } from '@ums/notifier/notifierDeadLetters';
import { boxCommand } from './boxCommand.js';

/**
 * `npm run -s dlq -- list|show|redrive`: the messages that the notifier could not handle. Its output holds ids, types and times
 * only.
 * @returns the text to print.
 * @throws StartRefused with one sentence.
 */
export const deadLetterCommand = async (args: readonly string[], env: Environment): Promise<string> => {
  const command = boxCommand(args);
  const {
    DATABASE_URL: url,
    KAFKA_BROKERS,
    ...settings
  } = parseEnv({ DATABASE_URL: databaseUrl(), ...kafkaSettings() }, await dlqEnvironment(env));
  const log = createLog({ service: 'dlq', level: 'silent' });
  const pool = createPool({ url, applicationName: 'dlq', max: 1, log });
  const kafka = KAFKA_BROKERS && { ...brokerAccess(KAFKA_BROKERS, settings), clientId: 'dlq', log };
  try {
    return await command(notifierDeadLetters(pool, kafka), kafka ? 'topic' : 'table');
  } catch (error) {
    if (!(error instanceof DependencyUnavailable)) throw error;
    throw new StartRefused('Kafka does not answer at KAFKA_BROKERS.');
  } finally {
    await pool.end();
  }
};

/**
 * The caller's environment if it sets DATABASE_URL, otherwise the database of the service that runs on the data folder, and
 * the brokers that were started with it.
 */
const dlqEnvironment = async (env: Environment): Promise<Environment> => {
  if (env.DATABASE_URL) return env;
  ignoreShellSettings();
  const { postgres, users, kafkaBrokers } = await readEngines(resolve(readDataDir({ ...env })));
  const url = new URL(postgres);
  url.pathname = new URL(users).pathname;
  return { ...brokerVariables(env), DATABASE_URL: url.href, KAFKA_BROKERS: env.KAFKA_BROKERS || kafkaBrokers };
};
