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
import { processStart } from '../dataFolder/processStart.js';
import { startPostgres } from '../postgres/startPostgres.js';
import { startStandalone } from './startStandalone.js';

/** One data folder for all tests: creating one takes longer than all of these tests. */
let folder: string;
let data: string;
let running: EventStoreProcess[];

const start = () => {
  const server = eventStoreProcess(['--port', '0', '--data', data]);
  running.push(server);
  return server;
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

const refusal = async (server: EventStoreProcess) => {
  const { code, stderr } = await server.ended;
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr.trimEnd();
};

describe('the standalone event log server', () => {
  afterEach(endAll);

  it('F-01 creates its folder, prints its URL when ready, stops on SIGTERM, and keeps its events', async () => {
    const server = start();
    const url = await server.ready;
    expect(url).toMatch(/^esdb:\/\/127\.0\.0\.1:\d+\?tls=false$/);
    const eventLog = eventLogClient(url);
    expect((await eventLog.append('s', NO_STREAM)).success).toBe(true);
    await eventLog.dispose();
    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, stderr: '' });

    const store = await startStandalone({ port: 0, data }, unexpected);
    const again = eventLogClient(store.url);
    expect((await again.append('s', 0n)).success).toBe(true);
    await again.dispose();
    await store.close();
  }, 300_000);

  it('F-32 closes once when it gets SIGTERM several times, as npm repeats signals to its process group', async () => {
    const server = start();
    await server.ready;
    server.child.kill('SIGTERM');
    const repeat = setInterval(() => server.child.kill('SIGTERM'), 2);
    const end = await server.ended;
    clearInterval(repeat);
    expect(end).toEqual({ code: 0, stderr: '' });
  });

  it('F-32 stops on SIGHUP and SIGQUIT, and its Postgres ends before it', async () => {
    for (const signal of ['SIGHUP', 'SIGQUIT'] as const) {
      const server = start();
      await server.ready;
      const [pid] = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
      server.child.kill(signal);
      expect(await server.ended).toEqual({ code: 0, stderr: '' });
      expect(await processStart(Number(pid))).toBeUndefined();
    }
  });

  it('F-36 stops when nobody reads its stdout, says so on stderr, and its Postgres ends before it', async () => {
    const server = start();
    server.child.stdout?.destroy();
    const { code, stderr } = await server.ended;
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^The service stops, because nobody reads .*\n$/)]);
    expect(await readdir(join(data, 'postgres'))).not.toContain('postmaster.pid');
  });

  it('F-01 F-02 keeps all acknowledged events after kill -9 under load, and duplicates no event that is sent again', async () => {
    const first = start();
    const eventLog = eventLogClient(await first.ready);
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
        await eventLog.append(stream, event.expected, [event]);
        acknowledged.add(event.id);
      }
    };
    const writers = Array.from({ length: 16 }, (_, index) =>
      writer(`s-${index}`, index % 2 === 0).catch(() => undefined),
    );
    await until(() => acknowledged.size > 300);
    first.child.kill('SIGKILL');
    await Promise.all(writers);
    await eventLog.dispose();

    const again = eventLogClient(await start().ready);
    const kept = new Set((await again.all()).map(({ id }) => id));
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
    for (const [stream, events] of sent) {
      for (const event of events) await again.append(stream, event.expected, [event]);
      expect(await again.ids(stream)).toEqual(events.map(({ id }) => id));
    }
    await again.dispose();
  }, 300_000);

  it('fails with one sentence when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startStandalone({ port, data }, unexpected)).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken by another program.`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('fails with one sentence when the folder cannot be created', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'file', 'data'), '/proc/none'])
      await expect(startStandalone({ port: 0, data: path }, unexpected)).rejects.toThrow(
        /^The data folder .* cannot be written \([A-Z]+\)\.$/,
      );
  });

  it('refuses a database with another schema with one sentence and leaves no Postgres running', async () => {
    const foreign = join(folder, 'foreign');
    const postgres = await startPostgres({ dataDir: join(foreign, 'postgres'), fsync: false });
    await execute(postgres.url('postgres'), 'create database log');
    await execute(postgres.url('log'), 'create table log_event ()');
    await postgres.close();
    await expect(startStandalone({ port: 0, data: foreign }, unexpected)).rejects.toThrow(
      "The event log's database cannot be used (42703).",
    );
    expect(await readdir(join(foreign, 'postgres'))).not.toContain('postmaster.pid');
  });

  it('refuses invalid arguments with one sentence', async () => {
    expect(await refusal(eventStoreProcess(['--port', 'x']))).toContain('Usage: ');
  });
});

describe('a running event log server', () => {
  let server: EventStoreProcess;
  let url: string;

  beforeAll(async () => {
    server = start();
    url = await server.ready;
  });

  afterAll(endAll);

  it('keeps running while a second server is refused the folder with one sentence', async () => {
    expect(await refusal(start())).toMatch(/ is in use by process \d+; stop that process first\.$/);
    const eventLog = eventLogClient(url);
    expect((await eventLog.append('beside', NO_STREAM)).success).toBe(true);
    await eventLog.dispose();
  });

  it('exits with one sentence when its Postgres has ended', async () => {
    const [pid] = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGQUIT');
    expect(await refusal(server)).toContain('Postgres ended unexpectedly');
  });
});
