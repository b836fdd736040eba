import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserEvent } from '@ums/contracts/events/user';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';

let fixture: MailFixture;
beforeAll(async () => {
  fixture = await mailFixture();
});
beforeEach(() => fixture.clear());
afterAll(() => fixture.close());

const [ADA, KING] = ['ada@example.org', 'king@example.org'];
const changed: UserEvent = { type: 'PasswordChanged', data: { passwordHash: 'canary hash' } };
const moved: UserEvent = {
  type: 'EmailChanged',
  data: { changeId: randomUUID(), email: KING, previousEmail: ADA },
};
const movedBack: UserEvent = { type: 'EmailChangeUndone', data: { changeId: randomUUID(), email: ADA } };

/** Records the events, and handles the message of the last changed password. */
const handleLast = async (events: readonly UserEvent[], spoil?: (userId: string, eventId: string) => unknown) => {
  const { userId, messages } = await fixture.userWith(events);
  const message = messages.findLast(({ pointer }) => pointer.type === 'PasswordChanged');
  if (message === undefined) throw new Error('no password was changed');
  await spoil?.(userId, message.eventId);
  return { outcome: await fixture.handle(message), again: () => fixture.handle(message) };
};
const sent = () => fixture.mailer.accepted.map(({ to, template }) => `${template} ${to}`);
const storedEvent = (eventId: string) => fixture.eventLog.events.find(({ id }) => id === eventId);

describe('the mail about a changed password', () => {
  it('A-06 goes to the user once, and names the application and the time but neither hash nor link', async () => {
    const { outcome, again } = await handleLast([changed]);
    expect([outcome, await again()]).toEqual(['done', 'done']);
    expect(sent()).toEqual([`passwordChanged ${ADA}`]);
    const [mail] = fixture.mailer.accepted;
    expect(mail?.text).toMatch(/account at Example Club was changed on \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(`${mail?.text}${mail?.html}`).not.toMatch(/canary|token=/);
  });

  it.each([
    ['the changed address', [moved, changed], KING],
    ['the address that an undo gave back', [moved, movedBack, changed], ADA],
    ['the address of that time, if it changed afterwards', [changed, moved], ADA],
  ])('A-06 goes to %s', async (_, events, to) => {
    await handleLast(events);
    expect(sent()).toEqual([`passwordChanged ${to}`]);
  });

  it('F-24 is not sent a week later', async () => {
    await handleLast([changed], (_, eventId) => {
      const metadata = storedEvent(eventId)?.metadata as { at: string };
      metadata.at = new Date(Date.now() - 7 * 86_400_000).toISOString();
    });
    expect([sent(), fixture.counted]).toEqual([[], ['expired']]);
  });

  it('G-02 is not sent once the user is erased', async () => {
    await handleLast([changed], () =>
      fixture.vault.query('update data_key set wrapped = null, master_key_id = null, erased_at = now()'),
    );
    expect([sent(), fixture.counted]).toEqual([[], ['ended']]);
  });

  it.each([
    ['password', 1, 'passwordHash'],
    ['address', 0, 'email'],
  ])('K-02 is dead when the sealed %s cannot be opened', async (_, revision, field) => {
    const { outcome } = await handleLast([changed], (userId) => {
      const events = fixture.eventLog.events.filter(({ stream }) => stream === `user-${userId}`);
      (events[revision]?.data as Record<string, string>)[field] = 'v1.x.y.z';
    });
    expect([outcome, sent()]).toEqual(['dead', []]);
  });

  it('is dead when the user never had an address', async () => {
    const { messages } = await fixture.userWith([changed]);
    const first = fixture.eventLog.events.find(({ id }) => id === messages[0]?.eventId);
    if (first === undefined) throw new Error('no registration');
    first.type = 'UserFromTheFuture';
    expect(messages[1] && (await fixture.handle(messages[1]))).toBe('dead');
    expect(sent()).toEqual([]);
  });
});
