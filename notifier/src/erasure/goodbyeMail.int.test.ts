import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MailWorld, mailWorld } from '../../test/mailWorld.js';
import { NotAccepted } from '../mail/mailer.js';

describe('the goodbye', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await mailWorld();
  });
  beforeEach(() => world.clear());
  afterAll(() => world.close());

  const kept = async () =>
    (await world.vault.query('select subject as id from data_key union select id from farewell')).rows;

  it('G-01 goes to the address kept for it alone, then the address and its key are gone', async () => {
    const { message } = await world.erase({ email: 'ada@example.org' });

    expect(await world.handle(message)).toBe('done');
    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.accepted).toMatchObject([{ to: 'ada@example.org', template: 'goodbye' }]);
    expect(await kept()).toEqual([]);
  });

  it('G-01 keeps the address while the mailer cannot take it', async () => {
    const { message } = await world.erase();
    world.mailer.mishaps({ error: new NotAccepted() });

    expect(await world.handle(message)).toBe('later');
    expect(await kept()).not.toEqual([]);
    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.accepted).toHaveLength(1);
    expect(await kept()).toEqual([]);
  });

  it('F-24 is not sent after its hour, and that is counted', async () => {
    const { message } = await world.erase({ minutes: -1 });

    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.asked).toBe(0);
    expect(world.counted).toEqual(['expired']);
    expect(await kept()).toEqual([]);
  });

  it.each([
    ['the farewell is gone', 'delete from farewell', 'done'],
    ['its key is gone', 'delete from data_key', 'done'],
    ['its key was destroyed', 'update data_key set wrapped = null, master_key_id = null, erased_at = now()', 'done'],
    ['its seal is broken', `update farewell set address = 'v1.k.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA'`, 'dead'],
  ])('G-02 is not sent when %s', async (_, sql, outcome) => {
    const { message } = await world.erase();
    await world.vault.query(sql);

    expect(await world.handle(message)).toBe(outcome);

    expect(world.mailer.asked).toBe(0);
  });

  it('G-01 ends no other key than its own', async () => {
    const { id } = await world.register();
    const { message } = await world.erase();

    await world.handle(message);

    expect(await kept()).toEqual([{ id }]);
  });
});
