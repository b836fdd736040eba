import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from '../test/world.js';
import { personalProgress } from './personalProgress.js';

describe('personalProgress', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await world.pool.query('delete from read.checkpoint');
  });
  afterAll(() => world.close());

  const addCheckpoint = (name: string, position: number) =>
    world.pool.query('insert into read.checkpoint (name, position, log_id) values ($1, $2, $3)', [
      ...[name, position, randomUUID()],
    ]);

  it('G-11 is that of the projections with personal data alone, and names the users whose events they could not apply', async () => {
    await addCheckpoint('audit_event_v1', 3);
    expect(await personalProgress(world.pool)).toEqual({ position: '-1', parked: [] });
    await addCheckpoint('user_profile_v1', 700);
    const userId = randomUUID();
    for (const [projection, key] of [
      ['user_profile_v1', userId],
      ['audit_event_v1', randomUUID()],
    ])
      await world.pool.query(`insert into read.parked values ($1, $2, 1, 'test')`, [projection, key]);
    expect(await personalProgress(world.pool)).toEqual({ position: '700', parked: [userId] });
  });

  it('G-11 F-12 goes no further than a read of the log has shown that nothing is missing', async () => {
    await addCheckpoint('audit_event_v1_whole', 2);
    await addCheckpoint('user_profile_v1_whole', 690);
    expect(await personalProgress(world.pool)).toMatchObject({ position: '690' });
    await world.pool.query(`delete from read.checkpoint where name = 'user_profile_v1'`);
    expect(await personalProgress(world.pool)).toMatchObject({ position: '-1' });
  });
});
