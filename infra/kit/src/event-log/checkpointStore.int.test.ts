import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import pg from 'pg';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { anEvent, aStream } from '../../test/sampleEvents.js';
import { createPool } from '../postgres/pool.js';
import { withTransaction } from '../postgres/transaction.js';
import { StartRefused } from '../startRefused.js';
import type { Checkpoint } from './checkpoint.js';
import { BEFORE_FIRST, checkpointStore, Superseded } from './checkpointStore.js';
import { NO_STREAM } from './eventLog.js';
import { logIdentity } from './logIdentity.js';

const columns = '(name text primary key, position numeric(20) not null, event_id uuid, log_id uuid not null)';
const logId = randomUUID();
const at = (position: bigint, ofLog: string = logId): Checkpoint => ({ position, eventId: randomUUID(), logId: ofLog });

describe('checkpointStore', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  const store = checkpointStore('checkpoint', 'reader');

  beforeAll(async () => {
    database = await testDatabase();
    await execute(database.url, `create table checkpoint ${columns}; create table other_checkpoint ${columns}`);
    pool = createPool({ url: database.url, applicationName: 'test', log: silentLog });
  });
  beforeEach(() => pool.query('truncate checkpoint, other_checkpoint'));
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('reads nothing until the reader has begun, and begins before the first event', async () => {
    expect(await store.read(pool)).toBeUndefined();
    const beginning = { position: BEFORE_FIRST, eventId: undefined, logId };
    expect(await store.begin(pool, logId)).toEqual(beginning);
    expect(await store.read(pool)).toEqual(beginning);
  });

  it('begins once: a second begin reads what is stored', async () => {
    const reached = at(10n);
    await store.move(pool, await store.begin(pool, logId), reached);
    expect(await store.begin(pool, randomUUID())).toEqual(reached);
  });

  it('F-14 begins while another instance is frozen within its transaction', async () => {
    const beginning = await store.begin(pool, logId);
    await withTransaction(pool, async (tx) => {
      await store.move(tx, beginning, at(10n));
      expect(await store.begin(pool, logId)).toEqual(beginning);
    });
  });

  it('F-12 reads a checkpoint of this log, and refuses that of a foreign or restored log', async () => {
    const eventLog = memoryEventLog();
    const ownLogId: string = await logIdentity(eventLog);
    const event = anEvent();
    const { position } = await eventLog.append(aStream(), [event], NO_STREAM);
    const reached = { position, eventId: event.id, logId: ownLogId };

    expect(await store.readVerified(pool, eventLog)).toBeUndefined();
    await store.advance(pool, reached);
    expect(await store.readVerified(pool, eventLog)).toEqual(reached);
    const foreign = memoryEventLog();
    await logIdentity(foreign);
    await expect(store.readVerified(pool, foreign)).rejects.toBeInstanceOf(StartRefused);
    await store.advance(pool, at(position + 1n, ownLogId));
    await expect(store.readVerified(pool, eventLog)).rejects.toBeInstanceOf(StartRefused);
  });

  it('locks the row until the transaction ends', async () => {
    const beginning = await store.begin(pool, logId);
    const tryLock = () => pool.query('select from checkpoint for update nowait');
    await withTransaction(pool, async (tx) => {
      expect(await store.lock(tx)).toEqual(beginning);
      await expect(tryLock()).rejects.toMatchObject({ code: '55P03' });
    });
    expect((await tryLock()).rowCount).toBe(1);
  });

  it('refuses to lock a row that is gone', async () => {
    await expect(store.lock(pool)).rejects.toEqual(new Superseded('reader', undefined, undefined));
  });

  it('F-12 advances forward, never back', async () => {
    const [first, second] = [at(10n), at(20n)];
    for (const to of [first, second, at(15n), at(20n)]) await store.advance(pool, to);
    expect(await store.read(pool)).toEqual(second);
  });

  it('F-12 never advances across logs', async () => {
    const reached = at(10n);
    await store.advance(pool, reached);
    await store.advance(pool, at(20n, randomUUID()));
    expect(await store.read(pool)).toEqual(reached);
  });

  it.each([true, false])('F-14 moves only from the expected position (durable: %s)', async (durable) => {
    const beginning = await store.begin(pool, logId);
    const [first, second] = [at(10n), at(20n)];
    await store.move(pool, beginning, first, durable);
    await expect(store.move(pool, beginning, second, durable)).rejects.toEqual(
      new Superseded('reader', beginning.position, first.position),
    );
    expect(await store.read(pool)).toEqual(first);
    await store.move(pool, first, second, durable);
    expect(await store.read(pool)).toEqual(second);
  });

  it('F-14 lets one of two concurrent moves from a position win', async () => {
    const beginning = await store.begin(pool, logId);
    const moves = [at(10n), at(10n)].map((to) => withTransaction(pool, (tx) => store.move(tx, beginning, to)));
    const outcomes = await Promise.allSettled(moves);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('changes the durability of its own transaction only', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const setting = async () => (await client.query('show synchronous_commit')).rows[0].synchronous_commit;
    await client.query('begin');
    await store.advance(client, at(10n));
    expect(await setting()).toBe('off');
    await client.query('commit');
    expect(await setting()).toBe('on');
    await client.end();
  });

  it('prepares statements that do not collide between stores on one connection', async () => {
    const stores = [
      store,
      checkpointStore('checkpoint', 'second reader'),
      checkpointStore('other_checkpoint', 'reader'),
    ];
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    for (const [index, each] of stores.entries()) {
      const start = BigInt(100 * index);
      const [first, second, third] = [at(start + 1n), at(start + 2n), at(start + 3n)];
      await each.begin(client, logId);
      await each.advance(client, first);
      expect(await each.lock(client)).toEqual(first);
      await each.move(client, first, second);
      await each.move(client, second, third, false);
      expect(await each.read(client)).toEqual(third);
    }
    const positions = [];
    for (const each of stores) positions.push((await each.read(client))?.position);
    expect(positions).toEqual([3n, 103n, 203n]);
    await client.end();
  });
});
