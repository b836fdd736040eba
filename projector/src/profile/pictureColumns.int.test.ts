import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@ums/contracts/events/event';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { execute, testDatabase } from '../../../infra/embedded/test/postgres.js';
import { until } from '../../../infra/kit/test/until.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, USER_SUSPENDED, type World } from '../../test/world.js';
import { runProjection } from '../projection/runProjection.js';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const NO_PICTURE = { picture_id: null, picture_status: null, picture_reason: null, ready_picture_id: null };

const submitted = (pictureId: string): DomainEvent => ({
  type: 'ProfilePictureSubmitted',
  data: { pictureId, registrationId: null },
});
const accepted = (pictureId: string, replaced: string | null = null): DomainEvent => ({
  type: 'ProfilePictureAccepted',
  data: { pictureId, replaced },
});
const rejected = (pictureId: string): DomainEvent => ({
  type: 'ProfilePictureRejected',
  data: { pictureId, reason: 'too-many-pixels' },
});

describe('the columns of the picture', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  /** Appends the events, runs the projection until it has applied them, and reads the columns. */
  const columnsAfter = async (userId: string, ...events: DomainEvent[]): Promise<unknown> => {
    if (events.length > 0) await world.append(userId, ...events);
    const stopping = new AbortController();
    const running = runProjection(runDepsOf(world), stopping.signal, () => undefined);
    await until(() => isCaughtUp(world));
    stopping.abort();
    await running;
    const { rows } = await world.pool.query(
      `select ${Object.keys(NO_PICTURE).join()} from read.user_profile_v1 where user_id = $1`,
      [userId],
    );
    return rows[0];
  };

  it('follow a picture from its upload to its removal', async () => {
    const userId = await world.register();
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    expect(await columnsAfter(userId)).toEqual(NO_PICTURE);
    const processing = { ...NO_PICTURE, picture_id: first, picture_status: 'processing' };
    expect(await columnsAfter(userId, submitted(first))).toEqual(processing);
    const ready = { ...processing, picture_status: 'ready', ready_picture_id: first };
    expect(await columnsAfter(userId, accepted(first))).toEqual(ready);
    const replacing = { ...processing, picture_id: second, ready_picture_id: first };
    expect(await columnsAfter(userId, submitted(second))).toEqual(replacing);
    const refused = { ...replacing, picture_status: 'rejected', picture_reason: 'too-many-pixels' };
    expect(await columnsAfter(userId, rejected(second))).toEqual(refused);
    expect(await columnsAfter(userId, USER_SUSPENDED)).toEqual(refused);
    const replaced = { ...ready, picture_id: third, ready_picture_id: third };
    expect(await columnsAfter(userId, submitted(third), accepted(third, first))).toEqual(replaced);
    expect(await columnsAfter(userId, { type: 'ProfilePictureRemoved', data: { replaced: third } })).toEqual(
      NO_PICTURE,
    );
  });

  it('show a first picture that was rejected, without a ready one', async () => {
    const userId = await world.register();
    const picture_id = randomUUID();
    expect(await columnsAfter(userId, submitted(picture_id), rejected(picture_id))).toEqual({
      ...{ picture_id, picture_status: 'rejected', picture_reason: 'too-many-pixels', ready_picture_id: null },
    });
  });
});

describe('the migrations that add the columns of the picture and of the locale', () => {
  it('keep the rows of the version before, without a picture, in English', async () => {
    const database = await testDatabase('read');
    const before = await mkdtemp(join(tmpdir(), 'ums-migrations-'));
    try {
      await cp(MIGRATIONS, before, { recursive: true, filter: (path) => !/(000[4-9]|00[1-9]\d)_/.test(path) });
      await migrate({ url: database.url, dir: before, schema: 'read', log: silentLog });
      const userId = randomUUID();
      await execute(
        database.url,
        `insert into read.user_profile_v1 (user_id, email, name, status, roles, registered_at, revision, position)
         values ('${userId}', 'ada@example.org', 'Ada', 'active', '{user}', now(), 3, 700)`,
      );
      await migrate({ url: database.url, dir: MIGRATIONS, schema: 'read', log: silentLog });
      const { rows } = await execute(database.url, 'select * from read.user_profile_v1');
      expect(rows).toEqual([expect.objectContaining({ user_id: userId, name: 'Ada', locale: 'en', ...NO_PICTURE })]);
    } finally {
      await database.drop();
      await rm(before, { recursive: true });
    }
  });
});
