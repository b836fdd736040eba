import { KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { confirmedUser, type TestCommands, testCommands } from '../../test/testCommands.js';
import { confirmChange, requestChange, type TestEmailChange } from '../../test/testEmailChanges.js';
import { loadUser } from '../user/loadUser.js';
import { type MailItem, mailItems } from './mailItems.js';

const [BEFORE, FIRST, SECOND] = ['before@example.org', 'first@example.org', 'second@example.org'];

let deps: TestCommands;
beforeAll(async () => {
  deps = await testCommands();
});
afterAll(() => deps.close());

/** The items of the mails about these changes, whose records say `skipped`. */
const itemsOf = async (userId: string, changes: readonly TestEmailChange[]): Promise<MailItem[]> => {
  const { facts } = await loadUser(deps, userId);
  const rows = changes.map(({ changeId }) => {
    const requested = facts.find((fact) => fact.type === 'EmailChangeRequested' && fact.data.changeId === changeId);
    return { event_id: requested?.id, about: changeId, state: 'skipped', at: new Date(0) };
  });
  const readUsers = (async ({ name }: { name: string }) =>
    name === 'mails-of-events' ? rows : []) as unknown as Query;
  const key = (await deps.keys.fetch([userId])).get(userId);
  if (!(key instanceof KeyObject)) throw new Error('no data key');
  const items: MailItem[] = [];
  for await (const item of mailItems({ eventLog: deps.eventLog, readUsers }, { userId, registrationId: '', key }))
    items.push(item);
  return items;
};

describe('mailItems', () => {
  it('E-03 tell whether a mail to a new address was sent once the user has confirmed the address', async () => {
    const userId = await confirmedUser(deps, BEFORE);
    const first = await requestChange(deps, userId, FIRST);
    const second = await requestChange(deps, userId, SECOND);
    const purpose = 'email-change-confirmation';
    const [hidden, shown] = [
      { state: null, at: null },
      { state: 'skipped', at: '1970-01-01T00:00:00.000Z' },
    ];
    // In the order of the requests, whatever the order of the records.
    const changes = [second, first];
    expect(await itemsOf(userId, changes)).toEqual([
      { purpose, address: FIRST, ...hidden },
      { purpose, address: SECOND, ...hidden },
    ]);
    await confirmChange(deps, second);
    expect(await itemsOf(userId, changes)).toEqual([
      { purpose, address: FIRST, ...hidden },
      { purpose, address: SECOND, ...shown },
    ]);
  });
});
