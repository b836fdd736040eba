import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANY, type AppendExpectedRevision, NO_STREAM } from '@eventstore/db-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { eventLogClient } from '../../test/eventLogClient.js';
import { type EventStoreProcess, eventStoreProcess } from '../../test/eventStoreProcess.js';
import { execute } from '../../test/postgres.js';
import { startPostgres } from '../postgres/startPostgres.js';
import { startStandalone } from './startStandalone.js';

/** One folder for all, made by the first of them: making one costs more than all they do. */
let folder: string;
let data: string;
let running: EventStoreProcess[];

const start = () => {
  const log = eventStoreProcess('--port', '0', '--data', data);
  running.push(log);
  return log;
};

const endAll = async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-log-'));
  data = join(folder, 'new', 'log');
  running = [];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const unexpected = (error: Error) => {
  throw error;
};

const refusal = async (log: EventStoreProcess) => {
  const { code, stderr } = await log.ended;
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr.trimEnd();
};

describe('the log server alone', () => {
  afterEach(endAll);

  it('F-01 makes its folder, says when it is ready, ends in peace when told to, and goes on at the next start', async () => {
    const server = start();
    const url = await server.ready;
    expect(url).toMatch(/^esdb:\/\/127\.0\.0\.1:\d+\?tls=false$/);
    const log = eventLogClient(url);
    expect((await log.append('s', NO_STREAM)).success).toBe(true);
    await log.dispose();
    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, stderr: '' });

    const store = await startStandalone({ port: 0, data }, unexpected);
    const again = eventLogClient(store.url);
    expect((await again.append('s', 0n)).success).toBe(true);
    await again.dispose();
    await store.close();
  });

  it('F-32 closes once however often it is told to, as npm passes on what its group got already', async () => {
    const server = start();
    await server.ready;
    server.child.kill('SIGTERM');
    const echo = setInterval(() => server.child.kill('SIGTERM'), 2);
    const end = await server.ended;
    clearInterval(echo);
    expect(end).toEqual({ code: 0, stderr: '' });
  });

  it('F-01 F-02 loses nothing it acknowledged to a kill -9 under load, and doubles nothing sent again', async () => {
    const first = start();
    const log = eventLogClient(await first.ready);
    const sent = new Map<string, { id: string; expected: AppendExpectedRevision }[]>();
    const acknowledged = new Set<string>();
    const writer = async (stream: string, any: boolean) => {
      const events: { id: string; expected: AppendExpectedRevision }[] = [];
      sent.set(stream, events);
      for (;;) {
        const revision = BigInt(events.length) - 1n;
        const expected: AppendExpectedRevision = any ? ANY : revision < 0n ? NO_STREAM : revision;
        const event = { id: randomUUID(), expected };
        events.push(event);
        await log.append(stream, event.expected, [event]);
        acknowledged.add(event.id);
      }
    };
    const writers = Array.from({ length: 16 }, (_, index) => writer(`s-${index}`, index % 2 === 0).catch(() => 'cut'));
    await until(() => acknowledged.size > 300);
    first.child.kill('SIGKILL');
    await Promise.all(writers);
    await log.dispose();

    const again = eventLogClient(await start().ready);
    const kept = new Set((await again.all()).map(({ id }) => id));
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
    for (const [stream, events] of sent) {
      for (const event of events) await again.append(stream, event.expected, [event]);
      expect(await again.ids(stream)).toEqual(events.map(({ id }) => id));
    }
    await again.dispose();
  });

  it('refuses a taken port with one sentence', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startStandalone({ port, data }, unexpected)).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken by another program.`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('refuses a folder that is none with one sentence', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const none of [join(folder, 'file', 'data'), '/proc/none'])
      await expect(startStandalone({ port: 0, data: none }, unexpected)).rejects.toThrow(
        /^The data folder .* cannot be written \([A-Z]+\)\.$/,
      );
  });

  it('refuses a foreign log with one sentence and leaves no Postgres behind', async () => {
    const foreign = join(folder, 'foreign');
    const postgres = await startPostgres({ dataDir: join(foreign, 'postgres'), fsync: false });
    await execute(postgres.url('postgres'), 'create database log');
    await execute(postgres.url('log'), 'create table log_event ()');
    await postgres.close();
    await expect(startStandalone({ port: 0, data: foreign }, unexpected)).rejects.toThrow(
      "The log's database cannot be used (42703).",
    );
    expect(await readdir(join(foreign, 'postgres'))).not.toContain('postmaster.pid');
  });

  it('refuses arguments it does not understand with one sentence', async () => {
    expect(await refusal(eventStoreProcess('--port', 'x'))).toContain('Usage: ');
  });
});

describe('a log server that runs', () => {
  let server: EventStoreProcess;
  let url: string;

  beforeAll(async () => {
    server = start();
    url = await server.ready;
  });

  afterAll(endAll);

  it('goes on while a second one is refused its folder with one sentence', async () => {
    expect(await refusal(start())).toMatch(/ is in use by process \d+; stop that process first\.$/);
    const log = eventLogClient(url);
    expect((await log.append('beside', NO_STREAM)).success).toBe(true);
    await log.dispose();
  });

  it('ends with one sentence when its Postgres is gone', async () => {
    const [pid] = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGQUIT');
    expect(await refusal(server)).toContain('Postgres ended unexpectedly');
  });
});
