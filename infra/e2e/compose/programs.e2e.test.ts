import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@ums/embedded/freePort';
import { type PostgresEngine, startPostgres } from '@ums/embedded/postgres/startPostgres';
import { type RunningEngines, startEngines } from '@ums/embedded/startEngines';
import { until } from '../../kit/test/until.js';
import { type SpawnedProgram, spawnProgram } from '../test/spawnProgram.js';
import { environmentOf, type ProgramName, serviceOf } from './composeFile.js';
import { secretsForTests } from './secretsForTests.js';

const HOST = '127.0.0.1';
/** In the order in which `depends_on` starts them. */
const SERVICES = ['command-api', 'projector', 'notifier', 'notary', 'query-api'] as const;

let folder: string;
let engines: RunningEngines;
let postgres: PostgresEngine;
const running: SpawnedProgram[] = [];
let environments: Readonly<Record<ProgramName, Record<string, string>>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-compose-'));
  const onFatal = (error: Error) => {
    throw error;
  };
  engines = await startEngines({ dataDir: join(folder, 'engines'), inboxPort: 0, fsync: false, onFatal });
  postgres = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
  environments = await containerEnvironments();
}, 180_000);

afterAll(async () => {
  await Promise.all(running.map((program) => program.end('SIGTERM')));
  await postgres?.close();
  await engines?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The environments of the containers, with the addresses of this machine in place of the names of other containers. */
const containerEnvironments = async () => {
  const secrets = await secretsForTests();
  const ports = await Promise.all(SERVICES.map(() => freePort(0, HOST)));
  const commandApi = `${HOST}:${ports[0]}`;
  const addresses: readonly (readonly [string, string])[] = [
    ['postgres:5432', `${HOST}:${postgres.port}`],
    ['eventstore:2113', new URL(engines.eventLog).host],
    ['aws:5000', new URL(engines.inbox).host],
    ['command-api:8080', commandApi],
    ['/var/lib/checkpoints', join(folder, 'checkpoints')],
  ];
  const here = (name: ProgramName) =>
    Object.fromEntries(
      Object.entries(environmentOf(name, secrets)).map(([variable, value]) => [
        variable,
        addresses.reduce((text, [container, address]) => text.replace(container, address), value),
      ]),
    );
  const services = SERVICES.map((name, index) => {
    // The programs of this test need neither Kafka nor OpenSearch, and listen on this machine only.
    const { PORT, KAFKA_BROKERS, OPENSEARCH_URL, ...environment } = here(name);
    const port = String(ports[index]);
    const listens = PORT ? { PORT: port, METRICS_PORT: '0' } : { METRICS_PORT: port };
    return [name, { ...environment, HOST, ...listens }] as const;
  });
  const databases = { ...here('databases'), POSTGRES_URL: postgres.url('postgres') };
  return Object.fromEntries([...services, ['databases', databases]]) as typeof environments;
};

/** Runs what a container runs. */
const run = (name: ProgramName) => {
  const [program = '', ...args] = serviceOf(name).command ?? [];
  return spawnProgram(program, environments[name], args);
};

/** The exit code of the health check inside a container. */
const checkHealth = (name: ProgramName): Promise<number | null> => {
  const [, node, program = ''] = serviceOf(name).healthcheck?.test ?? [];
  expect(node).toBe('node');
  return spawnProgram(program, environments[name]).ended;
};

const isReady = async (name: ProgramName): Promise<boolean> => {
  const { PORT, METRICS_PORT } = environments[name];
  const answer = await fetch(`http://${HOST}:${PORT ?? METRICS_PORT}/health/ready`).catch(() => undefined);
  return answer?.status === 200;
};

describe('the programs of docker-compose.yml, run with the environments of their containers', () => {
  it('create the databases, and can repeat it', async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const program = run('databases');
      expect(await program.ended).toBe(0);
      expect(program.output()).toEqual({ out: 'The databases vault and users are ready.\n', err: '' });
    }
  });

  it('start the services, pass the health check once they are ready, and end with exit code 0 on SIGTERM', async () => {
    expect(await checkHealth('command-api')).toBe(1);
    for (const name of SERVICES) {
      running.push(run(name));
      await until(() => isReady(name));
      expect(await checkHealth(name)).toBe(0);
    }
    expect(await Promise.all(running.map((program) => program.end('SIGTERM')))).toEqual([0, 0, 0, 0, 0]);
    expect(await checkHealth('notifier')).toBe(1);
  }, 300_000);
});
