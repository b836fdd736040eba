import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@ums/embedded/freePort';
import { type PostgresEngine, startPostgres } from '@ums/embedded/postgres/startPostgres';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { execute } from '../../../embedded/test/postgres.js';
import { filesWithTraces } from '../../../embedded/test/traceFinder.js';
import { createDatabases } from '../databases/createDatabases.js';
import { forgetCommand } from './forgetCommand.js';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const CANARY = 'canary@example.org';
const PASSWORDS = Object.fromEntries(
  ['COMMAND', 'PROJECTOR', 'NOTIFIER', 'QUERY', 'NOTARY'].map((role) => [
    `DATABASE_PASSWORD_${role}`,
    'a password of a role',
  ]),
);

let folder: string;
let engine: PostgresEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-forget-'));
  engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });
  await createDatabases({ POSTGRES_URL: engine.url('postgres'), ...PASSWORDS });
  const [vault, users] = [
    engine.url('vault', 'command', 'a password of a role'),
    engine.url('users', 'projector', 'a password of a role'),
  ];
  await migrate({ url: vault, dir: join(ROOT, 'command-api/migrations'), log: silentLog });
  await migrate({ url: users, dir: join(ROOT, 'projector/migrations'), schema: 'read', log: silentLog });
}, 180_000);

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const receiptsRewritten = async (): Promise<boolean[]> => {
  const text = 'select disk_rewritten_at is not null as "isRewritten" from erasure_receipt order by position';
  return (await execute(engine.url('vault'), text)).rows.map(({ isRewritten }) => isRewritten);
};
const traces = async () => Object.keys(await filesWithTraces(folder, { CANARY }));

describe('npm run forget', () => {
  it('G-03 G-11 rewrites the databases of POSTGRES_URL, and notes it in the receipts whose rows were all deleted', async () => {
    const [vault, users] = [engine.url('vault'), engine.url('users')];
    await execute(
      users,
      `insert into read.checkpoint (name, position, log_id) select name, 700, gen_random_uuid()
       from unnest('{user_profile_v1,audit_event_v1}'::text[]) as names (name)`,
    );
    await execute(
      users,
      `insert into read.user_profile_v1
       select gen_random_uuid(), '${CANARY}', 'canary', 'active', '{user}', now(), 0, 1, '{canary}', 2`,
    );
    await execute(users, 'checkpoint');
    await execute(users, 'delete from read.user_profile_v1');
    for (const position of [700, 701])
      await execute(
        vault,
        `insert into erasure_receipt (receipt, user_id, position, started_at, vault_erased_at, finished_at,
           mail_records_deleted_at) values ('${randomUUID()}', '${randomUUID()}', ${position}, now(), now(), now(), now())`,
      );
    expect(await traces()).toEqual(['CANARY']);
    expect(await forgetCommand({ POSTGRES_URL: engine.url('postgres') })).toBe(
      'Deleted rows have been removed from the disk.',
    );
    expect(await traces()).toEqual([]);
    // The read models have not come to the second erasure.
    expect(await receiptsRewritten()).toEqual([true, false]);
  });

  it('fails with one sentence when Postgres does not answer, and lists settings that are wrong', async () => {
    const unused = `postgresql://postgres@127.0.0.1:${await freePort(0, '127.0.0.1')}/postgres`;
    await expect(forgetCommand({ POSTGRES_URL: unused })).rejects.toThrow(
      /^Deleted rows cannot be removed \(ECONNREFUSED\)\.$/,
    );
    const closing = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(closing, 'listening');
    const { port } = closing.address() as AddressInfo;
    await expect(forgetCommand({ POSTGRES_URL: `postgresql://postgres@127.0.0.1:${port}/postgres` })).rejects.toThrow(
      /^Deleted rows cannot be removed \((Connection terminated unexpectedly|ECONNRESET|EPIPE)\)\.$/,
    );
    closing.close();
    await expect(forgetCommand({ POSTGRES_URL: 'nothing' })).rejects.toThrow(/POSTGRES_URL/);
    await expect(forgetCommand({ DATA_DIR: join(folder, 'nothing') })).rejects.toMatchObject({ name: 'EngineFailed' });
  });
});
