import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type MailWorld, mailWorld } from '../test/mailWorld.js';
import { handleMail } from './mails.js';

describe('a message is a pointer', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await mailWorld();
  });
  beforeEach(() => world.clear());
  afterAll(() => world.close());

  it('F-24 is later while the log does not hold what it names', async () => {
    const { message } = await world.register();
    const pointer = { ...message.pointer, revision: 1n };

    expect(await world.handle({ ...message, pointer })).toBe('later');
  });

  it('F-24 is dead when the log holds another event there', async () => {
    const { message } = await world.register();

    expect(await world.handle({ ...message, eventId: randomUUID() })).toBe('dead');
  });

  it('F-24 acts on what the log says, not on what the message says', async () => {
    const { message } = await world.register();

    await world.handle({ ...message, pointer: { ...message.pointer, type: 'UserErased' } });

    expect(world.mailer.accepted).toMatchObject([{ template: 'confirmation' }]);
  });

  it('F-24 is later while the log is down', async () => {
    const { message } = await world.register();
    world.eventLog.refuse();

    expect(await world.handle(message)).toBe('later');
    expect(await world.handle(message)).toBe('done');
  });

  it.each([
    ['behind a breaker', new DependencyUnavailable('vault')],
    ['without connection', Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' })],
  ])('F-24 is later while a dependency is down, %s', async (_, error) => {
    const { message } = await world.register();
    const records = { ...world.records, claim: () => Promise.reject(error) };

    expect(await handleMail({ ...world.deps, records })(message)).toBe('later');
  });
});
