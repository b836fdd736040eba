import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { createCredentialLimits } from '../limits/credentialLimits.js';
import { eraseUser } from '../profile/eraseUser.js';
import { updateUser } from '../profile/updateUser.js';

const WANTED = 'wanted@example.org';
const DAY_MS = 86_400_000;
const SETTINGS = {
  ...{ failuresPerAccountAndSource: 10, failuresPerAccount: 100, failuresPerSource: 300 },
  ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 4, mailsPerSource: 20 },
};

let deps: TestCommands;
beforeEach(async () => {
  deps = await testCommands();
  deps.limits = { ...deps.limits, allowMail: createCredentialLimits({ ...deps, settings: SETTINGS }).allowMail };
});
afterEach(() => deps.close());

/** A source for each user: the third part of its address. */
const asking = async (userId: string, source: number): Promise<void> => {
  const emailChange = { email: WANTED, password: PASSWORD, confirmCaller: confirmCallerAs(userId) };
  await updateUser(deps, { caller: liveCallerOf(userId), emailChange }, requestOrigin(`198.51.${source}.1`));
};
const userOf = (name: string) => confirmedUser(deps, `${name}@example.org`);
/** Whether the links of a user's requests are mailed. */
const mailed = async (userId: string): Promise<boolean[]> => {
  const { rows } = await deps.vault.query('select mail from email_change where user_id = $1 order by mail desc', [
    userId,
  ]);
  return rows.map(({ mail }) => mail);
};
/** Uses up what all users share. */
const useUp = async (): Promise<string[]> => {
  const users = [await userOf('first'), await userOf('second')];
  for (const [at, userId] of users.entries()) for (let time = 0; time < 2; time += 1) await asking(userId, at);
  return users;
};

describe('R-06 the mails of changes to an address', () => {
  it('count together for new users, and are silent over the limit', async () => {
    for (const userId of await useUp()) expect(await mailed(userId)).toEqual([true, true]);
    const third = await userOf('third');
    await asking(third, 3);
    expect(await mailed(third)).toEqual([false]);
  });

  it('have a first one for each user of a day or more, which others cannot hide', async () => {
    const settled = await userOf('settled');
    deps.clock.advance(DAY_MS);
    await useUp();
    await asking(settled, 3);
    await asking(settled, 3);
    expect(await mailed(settled)).toEqual([true, false]);
    deps.clock.advance(3_600_001);
    await asking(settled, 3);
    await asking(settled, 3);
    expect(await mailed(settled)).toEqual([true, true, true, false]);
  });

  it('refuse the fourth request of a source, whichever of its users asks', async () => {
    for (const name of ['a', 'b', 'c']) await asking(await userOf(name), 1);
    await expect(asking(await userOf('d'), 1)).rejects.toMatchObject({ slug: 'too-many-attempts' });
  });

  it('count for the source also after the erasure of the users who asked', async () => {
    const counted = async () =>
      (await deps.vault.query(`select from attempt where state in ('mail', 'silent')`)).rowCount;
    const userId = await userOf('erased');
    await asking(userId, 1);
    const before = await counted();
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
    expect(await counted()).toBe(before);
  });
});
