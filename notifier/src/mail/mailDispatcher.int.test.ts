import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';

describe('handling of a message', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  it('F-24 returns "later" while the log does not have the event', async () => {
    const { message } = await fixture.register();
    const pointer = { ...message.pointer, revision: 1n };

    expect(await fixture.handle({ ...message, pointer })).toBe('later');
  });

  it('F-24 returns "dead" when the log has another event there', async () => {
    const { message } = await fixture.register();

    expect(await fixture.handle({ ...message, eventId: randomUUID() })).toBe('dead');
  });

  it('F-24 uses the event type in the log, not the one in the message', async () => {
    const { message } = await fixture.register();

    await fixture.handle({ ...message, pointer: { ...message.pointer, type: 'UserErased' } });

    expect(fixture.mailer.accepted).toMatchObject([{ template: 'confirmation' }]);
  });

  it('F-24 returns "later" while the log is down', async () => {
    const { message } = await fixture.register();
    fixture.eventLog.refuse();

    expect(await fixture.handle(message)).toBe('later');
    expect(await fixture.handle(message)).toBe('done');
  });

  it.each([
    ['its breaker is open', new DependencyUnavailable('vault')],
    ['the connection is refused', Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' })],
  ])('F-24 returns "later" while a dependency is down: %s', async (_, error) => {
    const { message } = await fixture.register();
    const records = { ...fixture.records, claim: () => Promise.reject(error) };

    expect(await fixture.handleWith({ records })(message)).toBe('later');
  });
});
