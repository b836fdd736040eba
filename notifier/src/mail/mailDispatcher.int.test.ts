import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import pg from 'pg';
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
    const { revision, position } = message.pointer;
    const pointer = { ...message.pointer, revision: revision + 1n, position: position + 1n };

    expect(await fixture.handle({ ...message, pointer })).toBe('later');
  });

  it('F-24 returns "dead" when an operator has deleted the stream for good', async () => {
    const { message } = await fixture.register();
    fixture.eventLog.deleteStream(message.pointer.stream);

    expect(await fixture.handle(message)).toBe('dead');

    expect(fixture.mailer.calls).toBe(0);
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

  it('F-24 does not read the log when the source gives the event with its message', async () => {
    const { message } = await fixture.register();
    const { stream, revision } = message.pointer;
    const [recorded] = await fixture.eventLog.readStream(stream, revision);
    const eventLog = { ...fixture.eventLog, readStream: () => Promise.reject(new Error('the log was read')) };

    expect(await fixture.handleWith({ eventLog })(message, recorded)).toBe('done');

    expect(fixture.mailer.accepted).toMatchObject([{ template: 'confirmation', eventId: message.eventId }]);
  });

  it('F-24 returns "dead" when the event it is given is not the event of the message', async () => {
    const { message } = await fixture.register();
    const other = await fixture.register();
    const [recorded] = await fixture.eventLog.readStream(other.message.pointer.stream);

    expect(await fixture.handle(message, recorded)).toBe('dead');

    expect(fixture.mailer.calls).toBe(0);
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
    ['the disk is full', Object.assign(new pg.DatabaseError('no space left', 13, 'error'), { code: '53100' })],
  ])('F-24 returns "later" while a dependency is down: %s', async (_, error) => {
    const { message } = await fixture.register();
    const records = { ...fixture.records, claim: () => Promise.reject(error) };

    expect(await fixture.handleWith({ records })(message)).toBe('later');
  });
});
