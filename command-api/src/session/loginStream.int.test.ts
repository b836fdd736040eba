import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { registrationStream, userStream } from '@ums/contracts/streams';
import {
  addressMacOf,
  confirmedUser,
  registrationToken,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { findAccount, findWaiting } from './loginStream.js';

let deps: TestCommands;
let email: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(() => {
  email = `${randomUUID()}@example.org`;
});
afterAll(() => deps.close());

const accountOf = (address: string) => findAccount(deps.vault, addressMacOf(deps, address));
const waitingOf = (address: string) => findWaiting(deps.vault, addressMacOf(deps, address), deps.clock.now());

describe('findAccount', () => {
  it('E-02 gives an unknown address the stream of another user as decoy, the same one each time', async () => {
    await confirmedUser(deps, email);
    const first = await accountOf('unknown@example.org');
    expect(first.kind).toBe('decoy');
    expect(await accountOf('unknown@example.org')).toEqual(first);
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => accountOf(`n${index}@x.org`)));
    const streams = new Set(deps.eventLog.events.map(({ stream }) => stream));
    expect(all.some((target) => target.kind === 'decoy' && streams.has(userStream(target.id)))).toBe(true);
  });
});

describe('findWaiting', () => {
  it('E-02 gives an address without a registration that of another address as decoy, the same one each time', async () => {
    await registrationToken(deps, email);
    const first = await waitingOf('unknown@example.org');
    expect(first).toMatchObject({ kind: 'decoy', hasAccount: false });
    expect(await waitingOf('unknown@example.org')).toEqual(first);
    const streams = new Set(deps.eventLog.events.map(({ stream }) => stream));
    expect(streams.has(registrationStream(first.id))).toBe(true);
  });

  it('finds a registration of an address that has an account', async () => {
    await confirmedUser(deps, email);
    const { id } = await waitingOf(email);
    await registrationToken(deps, email);
    expect(await waitingOf(email)).toMatchObject({ kind: 'found', hasAccount: true });
    expect((await waitingOf(email)).id).not.toBe(id);
  });

  it('E-01 lets a confirmed registration keep its place before an older one, as a decoy, until it expires', async () => {
    await registrationToken(deps, email);
    const older = await waitingOf(email);
    deps.clock.advance(3_600_000);
    await confirmedUser(deps, email);
    const newer = await waitingOf(email);
    expect(newer).toMatchObject({ kind: 'decoy', hasAccount: true });
    const streams = new Set(deps.eventLog.events.map(({ stream }) => stream));
    expect([newer.id === older.id, streams.has(registrationStream(newer.id))]).toEqual([false, true]);
  });

  it('ignores an expired registration', async () => {
    await registrationToken(deps, email);
    deps.clock.advance(86_400_001);
    expect((await waitingOf(email)).kind).toBe('decoy');
  });
});
