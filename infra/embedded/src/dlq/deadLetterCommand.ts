import { resolve } from 'node:path';
import type { DeadLetter, DeadLetterBox } from '@ums/kit/dead-letters/deadLetter';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { databaseUrl, type Environment, optional, parseEnv } from '@ums/kit/env';
import { brokers } from '@ums/kit/kafka/brokers';
import { createLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { notifierDeadLetters } from '@ums/notifier/notifierDeadLetters';
import { readDataDir } from '../config.js';
import { readEngines } from '../dataFolder/enginesFile.js';
import { EngineFailed } from '../engineFailed.js';
import { ignoreShellSettings } from '../ignoreShellSettings.js';

const USAGE = 'Usage: npm run -s dlq -- list | show <id> | redrive [<id>]';

/**
 * `npm run -s dlq -- list|show|redrive`: the messages that the notifier could not handle. Its output holds ids, types and times
 * only.
 * @returns the text to print.
 * @throws StartRefused with one sentence.
 */
export const deadLetterCommand = async (args: readonly string[], env: Environment): Promise<string> => {
  const [name = '', id, ...others] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name as keyof typeof COMMANDS] : undefined;
  if (command === undefined || others.length > 0) throw new EngineFailed(USAGE);
  const { DATABASE_URL: url, KAFKA_BROKERS } = parseEnv(
    { DATABASE_URL: databaseUrl(), KAFKA_BROKERS: optional(brokers()) },
    await dlqEnvironment(env),
  );
  const log = createLog({ service: 'dlq', level: 'silent' });
  const pool = createPool({ url, applicationName: 'dlq', max: 1, log });
  const kafka = KAFKA_BROKERS && { brokers: KAFKA_BROKERS, clientId: 'dlq', log };
  try {
    return await command(notifierDeadLetters(pool, kafka), id);
  } catch (error) {
    if (!(error instanceof DependencyUnavailable)) throw error;
    throw new EngineFailed('Kafka does not answer at KAFKA_BROKERS.');
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
  return { DATABASE_URL: url.href, KAFKA_BROKERS: env.KAFKA_BROKERS || kafkaBrokers };
};

const list = async (box: DeadLetterBox, id?: string): Promise<string> => {
  if (id !== undefined) throw new EngineFailed(USAGE);
  const letters = await box.list();
  if (letters.length === 0) return 'There are no dead messages.';
  return [['id', 'consumer', 'reason', 'time', 'event', 'stream'], ...letters.map(columns)]
    .map((row) => row.join('  '))
    .join('\n');
};

const columns = ({ id, consumer, reason, at, message }: DeadLetter): string[] => [
  ...[id, consumer, reason, at.toISOString()],
  ...[message?.eventId ?? '-', message?.pointer.stream ?? '-'],
];

const show = async (box: DeadLetterBox, id?: string): Promise<string> => {
  if (id === undefined) throw new EngineFailed(USAGE);
  const { consumer, reason, field, at, message } = await find(box, id);
  const { stream, revision, type, position } = message?.pointer ?? {};
  const details = {
    ...{ id, consumer, reason, field, time: at.toISOString() },
    ...{ event: message?.eventId, correlation: message?.correlationId, stream, revision, type, position },
  };
  return Object.entries(details)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
};

const redrive = async (box: DeadLetterBox, id?: string): Promise<string> => {
  const letters = id === undefined ? await box.list() : [await find(box, id)];
  const { redriven, kept } = await box.redrive(letters);
  const stay = kept === 0 ? '' : ` ${kept} cannot be read by this version and stay.`;
  return `${redriven} of ${letters.length} dead messages are delivered again.${stay}`;
};

const find = async (box: DeadLetterBox, id: string): Promise<DeadLetter> => {
  const letter = (await box.list()).find((one) => one.id === id);
  if (letter === undefined) throw new EngineFailed('No dead message has this id.');
  return letter;
};

const COMMANDS = { list, show, redrive };
