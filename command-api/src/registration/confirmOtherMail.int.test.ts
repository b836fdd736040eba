import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountOfUser,
  addressMacOf,
  appendedEvents,
  Crashed,
  PASSWORD,
  registrationToken,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { confirm } from './confirm.js';

const ADA = 'ada@example.org';
const OTHER = 'another password altogether';

let deps: TestCommands;
beforeEach(async () => {
  deps = await testCommands();
});
afterEach(() => deps.close());

const invalid = expect.objectContaining({ name: 'Refused', slug: 'token-invalid' });
const confirming = (token: string, password: string, using = deps) =>
  confirm(using, { token, password }, requestOrigin());

/** Two registrations of one address. The second chose `OTHER`. */
const twoTokens = async () =>
  [await registrationToken(deps, ADA, PASSWORD), await registrationToken(deps, ADA, OTHER)] as const;

describe('the link of another mail to an address that is confirmed', () => {
  it.each([
    ['chosen with the link', PASSWORD],
    ['chosen with another link', OTHER],
  ])('E-06 gets the same answer with the password of the account, %s, and appends nothing', async (_, chosen) => {
    const first = await registrationToken(deps, ADA, chosen);
    const second = await registrationToken(deps, ADA, PASSWORD);
    const { userId } = await confirming(first, chosen);
    const before = deps.eventLog.events.length;
    const answer = await confirming(second, chosen);
    expect(answer).toEqual({ userId, revision: 0n, position: expect.any(BigInt) });
    expect(deps.eventLog.events).toHaveLength(before);
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active', revision: '0' });
  });

  it('E-06 R-01 is refused with any other password, the one chosen with the link included, and counts as a failure', async () => {
    const [first, second] = await twoTokens();
    await confirming(first, PASSWORD);
    const counted: [string, boolean][] = [];
    const attemptThen: TestCommands['limits']['attemptThen'] = async ({ account }, check) => {
      counted.push([account, await check()]);
      return undefined;
    };
    const limited = { ...deps, limits: { ...deps.limits, attemptThen } };
    for (const password of [OTHER, 'neither of the two passwords'])
      await expect(confirming(second, password, limited)).rejects.toEqual(invalid);
    const account = addressMacOf(deps, ADA).toString('base64url');
    expect(counted).toEqual([
      [account, false],
      [account, false],
    ]);
  });

  it.each([
    ['gets the answer of the account with its password', PASSWORD, PASSWORD],
    ['is refused with another password', OTHER, OTHER],
  ])('F-06 %s when it is confirmed while the password is hashed', async (_, chosen, password) => {
    const first = await registrationToken(deps, ADA, PASSWORD);
    const second = await registrationToken(deps, ADA, chosen);
    let winner: string | undefined;
    const verify: TestCommands['passwords']['verify'] = async (text, stored, turn) => {
      winner ??= (await confirming(first, PASSWORD)).userId;
      return deps.passwords.verify(text, stored, turn);
    };
    const slow = { ...deps, passwords: { ...deps.passwords, verify } };
    const outcome = confirming(second, password, slow);
    if (chosen === PASSWORD) expect((await outcome).userId).toBe(winner);
    else await expect(outcome).rejects.toEqual(invalid);
    expect(appendedEvents(deps).filter((event) => event === 'user UserRegistered.v2')).toHaveLength(1);
  });

  it.each(['registration-claimed', 'user-registered', 'registration-completed'] as const)(
    'F-06 completes the confirmation that crashed at %s with the password of that registration',
    async (step) => {
      const [first, second] = await twoTokens();
      deps.crashAfter(step);
      await expect(confirming(first, PASSWORD)).rejects.toBeInstanceOf(Crashed);
      await expect(confirming(second, OTHER)).rejects.toEqual(invalid);
      const { userId } = await confirming(second, PASSWORD);
      expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active', revision: '0' });
      expect((await confirming(first, PASSWORD)).userId).toBe(userId);
    },
  );

  it('E-06 does not take the password of an account that only holds the address for an undo', async () => {
    const [first, second] = await twoTokens();
    const { userId } = await confirming(first, PASSWORD);
    await deps.vault.query(
      `update address set state = 'held', held_until = now() + interval '1 day' where user_id = $1`,
      [userId],
    );
    await expect(confirming(second, PASSWORD)).rejects.toMatchObject({ slug: 'password-invalid' });
    await expect(confirming(second, OTHER)).rejects.toEqual(invalid);
  });
});
