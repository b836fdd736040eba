import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parkingIn } from '../../test/parking.js';
import { runDepsOf } from '../../test/runDeps.js';
import { createWorld, userRegistered, type World } from '../../test/world.js';
import { listedText } from './listedText.js';
import { onlyOneCommand } from './onlyOneCommand.js';
import { OPERATIONS } from './operations.js';

describe('the operations on projections', () => {
  let world: World;
  let parking: ReturnType<typeof parkingIn>;
  beforeAll(async () => {
    world = await createWorld();
    parking = parkingIn(world);
  });
  afterAll(() => world.close());

  const run = (command: keyof typeof OPERATIONS, options: object = {}) =>
    OPERATIONS[command]([{ ...runDepsOf(world), onProgress: () => undefined }], options);
  const states = async () =>
    (await run('list'))
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ {2,}/).slice(0, 2));

  it('F-17 lists a projection that has never run, then its position, lag, rows and parked keys', async () => {
    expect(await states()).toEqual([['user_profile_v1', 'never run']]);
    await world.register();
    const keyless = randomUUID();
    await world.append(keyless, userRegistered('keyless', keyless));
    await parking.applyAll();
    const position = await world.eventLog.head();
    await world.register();
    const [head, line, , parkedHead, parked] = (await run('list')).split('\n');
    expect(head?.split(/ {2,}/)).toEqual(['projection', 'state', 'position', 'events behind', 'rows', 'parked']);
    expect(line?.split(/ {2,}/)).toEqual(['user_profile_v1', 'live', String(position), '1', '1', '1']);
    expect(parkedHead?.split(/ {2,}/)).toEqual(['parked in', 'key', 'reason', 'position']);
    expect(parked?.split(/ {2,}/)).toEqual(['user_profile_v1', keyless, 'missing-key', String(position)]);
  });

  it('F-15 folds parked keys again, and says which still fail', async () => {
    const [keyless] = await parking.parkedKeys();
    expect(await run('retry-parked')).toMatch(
      new RegExp(
        `^user_profile_v1: 0 of 1 parked keys are folded. Still parked:\nkey +reason +position\n${keyless} +missing-key`,
      ),
    );
    await world.storeKey(keyless as string);
    expect(await run('retry-parked')).toBe('user_profile_v1: 1 of 1 parked keys are folded.');
    expect(await run('retry-parked')).toBe('user_profile_v1 has no parked keys.');
  });

  it('F-17 rebuilds, says how the tables differ, switches, goes back and drops', async () => {
    await parking.applyAll();
    await expect(run('drop')).rejects.toThrow('There are no such tables beside the live ones of user_profile_v1.');
    const events = world.eventLog.events.length;
    const text = await run('rebuild');
    expect(text).toContain(`user_profile_v1 is rebuilt: ${events} events applied, up to the head of the log.`);
    expect(text).toMatch(/read\.user_profile_v1 +3 +3\n/);
    expect(text).toContain('Rows only live: 0; only rebuilt: 0; at the same event with other values: 0.');
    expect(await states()).toContainEqual(['user_profile_v1_next', 'rebuilt']);
    await world.pool.query('drop index read.user_profile_v1_standing_next');
    expect(await states()).toContainEqual(['user_profile_v1_next', 'rebuilding']);
    await run('rebuild');
    expect(await run('switch')).toContain(`user_profile_v1 is switched at position ${await world.eventLog.head()}.`);
    expect(await states()).toEqual([
      ['user_profile_v1', 'live'],
      ['user_profile_v1_old', 'old'],
    ]);
    expect(await run('rebuild', { fromOld: true })).toContain('0 events applied');
    await run('switch');
    await run('rebuild');
    await expect(run('drop')).rejects.toThrow('run drop user_profile_v1 next, or drop user_profile_v1 old');
    expect(await run('drop', { copy: 'next' })).toBe('user_profile_v1_next is dropped.');
    expect(await run('drop')).toBe('user_profile_v1_old is dropped.');
    expect(await states()).toEqual([['user_profile_v1', 'live']]);
  });

  it('F-17 lets one command at a time work on a projection', async () => {
    const release = await onlyOneCommand(world.readUrl, 'user_profile_v1');
    await expect(onlyOneCommand(world.readUrl, 'user_profile_v1', 200)).rejects.toThrow(
      'Another command is working on user_profile_v1.',
    );
    const waiting = onlyOneCommand(world.readUrl, 'user_profile_v1');
    await release();
    await (await waiting)();
  });

  it('marks what was not counted to its end', () => {
    const large = { rows: 1_000_000, isEstimate: true, eventsBehind: 10_000, parked: [] };
    const [, line] = listedText([{ name: 'a', state: 'live', position: 5n, ...large }]).split('\n');
    expect(line?.split(/ {2,}/)).toEqual(['a', 'live', '5', '10000 or more', 'about 1000000', '0']);
  });
});
