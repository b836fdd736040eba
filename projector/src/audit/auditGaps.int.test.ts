import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { accessStream, grantStream, signinStream, userStream } from '@ums/contracts/streams';
import { ANY, type EventLog } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { execute, testDatabase } from '../../../infra/embedded/test/postgres.js';
import { readsThrough } from '../../../infra/kit/test/readsThrough.js';
import { unreliableSubscription } from '../../../infra/kit/test/unreliableSubscription.js';
import { until } from '../../../infra/kit/test/until.js';
import { appendRandomHistory, seededRandom } from '../../test/randomHistory.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, type World } from '../../test/world.js';
import { supervise } from '../projection/supervise.js';
import { auditEventV1 } from './auditEventV1.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() =>
  world.pool.query('truncate read.checkpoint, read.audit_event_v1, read.audit_span_v1, read.audit_stream_v1'),
);

/** Appends to the end of a stream. @returns the events, in order */
const append = async (stream: string, count = 1): Promise<RecordedEvent[]> => {
  for (let turn = 0; turn < count; turn++)
    await world.eventLog.append(stream, [world.stored(randomUUID(), { type: 'UserSuspended', data: {} })], ANY);
  return (await world.eventLog.readStream(stream)).slice(-count);
};

/** Follows the log to its head. @returns the reasons of the runs that failed, and the warnings */
const catchUp = async (change: Partial<EventLog> = {}): Promise<{ restarts: string[]; warnings: unknown[] }> => {
  const [restarts, warnings]: [string[], unknown[]] = [[], []];
  const deps = runDepsOf(world);
  const stop = new AbortController();
  const running = supervise(
    {
      ...{ ...deps, projection: auditEventV1, eventLog: { ...world.eventLog, ...change } },
      metrics: { ...deps.metrics, restarted: (reason) => void restarts.push(reason) },
      log: { ...silentLog, warn: (message, fields) => void warnings.push([message, fields?.stream, fields?.revision]) },
    },
    stop.signal,
  );
  await until(() => isCaughtUp(world));
  stop.abort();
  await running;
  return { restarts, warnings };
};
const NOTHING = { restarts: [], warnings: [] };

/** A log whose subscriptions never deliver some events. Its reads are complete. */
const withoutDelivering = (lost: readonly RecordedEvent[]): Pick<EventLog, 'follow'> => {
  const ids = new Set(lost.map(({ id }) => id));
  return {
    follow: async function* (after, options) {
      for await (const event of world.eventLog.follow(after, options)) if (!ids.has(event.id)) yield event;
    },
  };
};

/** A log that does not hold some events any more. */
const withoutHolding = (
  gone: readonly RecordedEvent[],
): Pick<EventLog, 'follow' | 'positions' | 'readAll' | 'readPart'> => {
  const ids = new Set(gone.map(({ id }) => id));
  return {
    ...withoutDelivering(gone),
    readPart: async (stream, part) => {
      const all = (await world.eventLog.readStream(stream, part.from)).filter(({ id }) => !ids.has(id));
      return all.slice(0, part.limit);
    },
    ...readsThrough(async (...args) => (await world.eventLog.readAll(...args)).filter(({ id }) => !ids.has(id))),
  };
};

const unlisted = async (): Promise<RecordedEvent[]> => {
  const { rows } = await world.pool.query<{ event_id: string }>('select event_id from read.audit_event_v1');
  const ids = new Set(rows.map((row) => row.event_id));
  return world.eventLog.events.filter((event) => auditEventV1.key(event) !== undefined && !ids.has(event.id));
};

describe('the feed of events', () => {
  it('F-12 starts again when the subscription loses an event of any stream, and lists it itself when it is lost again', async () => {
    for (const stream of [userStream, signinStream, accessStream, grantStream].map((name) => name(randomUUID()))) {
      const [, second] = await append(stream, 3);
      const lost = second as RecordedEvent;
      expect(await catchUp(withoutDelivering([lost]))).toEqual({ restarts: ['RevisionGap'], warnings: [] });
      expect(await unlisted()).toEqual([]);
    }
  });

  it('F-12 notices the loss of the first event of a stream, and of several in a row, also after a restart', async () => {
    const first = await append(userStream(randomUUID()), 2);
    expect((await catchUp(withoutDelivering(first.slice(0, 1)))).restarts).toEqual(['RevisionGap']);
    const stream = signinStream(randomUUID());
    await append(stream, 2);
    expect(await catchUp()).toEqual(NOTHING);
    const more = await append(stream, 6);
    expect((await catchUp(withoutDelivering(more.slice(0, 5)))).restarts).toEqual(['RevisionGap']);
    expect(await unlisted()).toEqual([]);
  });

  it('F-12 lists all that was lost of a stream whose last revision is not known', async () => {
    const stream = userStream(randomUUID());
    await append(stream);
    await catchUp();
    await world.pool.query('truncate read.audit_stream_v1');
    const more = await append(stream, 4);
    expect((await catchUp(withoutDelivering(more.slice(0, 3)))).restarts).toEqual(['RevisionGap']);
    expect(await unlisted()).toEqual([]);
  });

  it('F-12 lists every event of a log of which a subscription loses, swaps and repeats some', async () => {
    await appendRandomHistory(world, 200, seededRandom(21));
    const { eventLog, faultCount } = unreliableSubscription(world.eventLog, {
      ...{ lost: 0.05, swapped: 0.05, repeated: 0.05, random: seededRandom(22), maxFaults: 20 },
    });
    expect((await catchUp({ follow: eventLog.follow })).restarts).toContain('RevisionGap');
    expect(faultCount()).toBe(20);
    expect(await unlisted()).toEqual([]);
  });

  it('takes no expired events of a sign-in stream for a loss, neither before the feed begins nor while it is behind', async () => {
    const stream = signinStream(randomUUID());
    const expired = (await append(stream, 4)).slice(0, 3);
    expect(await catchUp(withoutHolding(expired))).toEqual(NOTHING);
    const later = (await append(stream, 4)).slice(0, 3);
    expect(await catchUp(withoutHolding([...expired, ...later]))).toEqual(NOTHING);
    expect(await unlisted()).toEqual([...expired, ...later]);
  });

  it('warns once where the log does not hold events of another stream, and goes on', async () => {
    const stream = userStream(randomUUID());
    await append(stream);
    expect(await catchUp()).toEqual(NOTHING);
    const [gone, next] = (await append(stream, 3)) as [RecordedEvent, RecordedEvent, RecordedEvent];
    const message = 'the log does not hold the events before this revision';
    expect(await catchUp(withoutHolding([gone]))).toEqual({
      restarts: [],
      warnings: [[message, stream, next.revision]],
    });
    expect(await unlisted()).toEqual([gone]);
  });

  it('goes on after streams that an operator has deleted for good, and warns once of each', async () => {
    const streams = Array.from({ length: 12 }, () => accessStream(randomUUID()));
    for (const stream of streams) await append(stream, 2);
    const gone = world.eventLog.events.filter(({ stream }) => streams.includes(stream));
    expect(await catchUp()).toEqual(NOTHING);
    // The last event of such a stream is the log's own, behind the highest revision.
    const mark = () => ({ id: randomUUID(), type: '$streamDeleted', data: {}, metadata: {} });
    for (const stream of streams) await world.eventLog.append(stream, [mark()], ANY);
    const { restarts, warnings } = await catchUp(withoutHolding(gone));
    expect([restarts, warnings.length]).toEqual([[], streams.length]);
    expect(await catchUp(withoutHolding(gone))).toEqual(NOTHING);
    const { rows } = await world.pool.query('select from read.parked');
    expect([rows, await unlisted()]).toEqual([[], []]);
  });

  it('takes nothing for a loss that an earlier version has listed or parked', async () => {
    const [listed, parked] = [userStream(randomUUID()), userStream(randomUUID())];
    await append(listed, 2);
    await world.eventLog.append(
      parked,
      [{ ...world.stored(randomUUID(), { type: 'UserSuspended', data: {} }), metadata: {} }],
      ANY,
    );
    await catchUp();
    await world.pool.query('truncate read.audit_stream_v1');
    for (const stream of [listed, parked]) await append(stream);
    expect(await catchUp()).toEqual(NOTHING);
    await append(listed);
    expect(await catchUp()).toEqual(NOTHING);
    await world.pool.query('delete from read.parked');
  });
});

describe('the migration that adds the revisions of streams', () => {
  const MIGRATIONS = join(import.meta.dirname, '../../migrations');

  it('adds them to a copy that a rebuild has left', async () => {
    const database = await testDatabase('read');
    const before = await mkdtemp(join(tmpdir(), 'ums-migrations-'));
    try {
      await cp(MIGRATIONS, before, { recursive: true, filter: (path) => !/00(0[7-9]|1\d)_/.test(path) });
      await migrate({ url: database.url, dir: before, schema: 'read', log: silentLog });
      await execute(database.url, 'create table read.audit_event_v1_old (like read.audit_event_v1)');
      await migrate({ url: database.url, dir: MIGRATIONS, schema: 'read', log: silentLog });
      const { rows } = await execute(
        database.url,
        `select conrelid::regclass::text as table, conname as key from pg_constraint
         where contype = 'p' and conrelid::regclass::text like '%audit_stream%' order by 1`,
      );
      expect(rows).toEqual([
        { table: 'read.audit_stream_v1', key: 'audit_stream_v1_pkey' },
        { table: 'read.audit_stream_v1_old', key: 'audit_stream_v1_pkey_old' },
      ]);
    } finally {
      await database.drop();
      await rm(before, { recursive: true });
    }
  });
});
