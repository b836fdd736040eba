import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import {
  addressMacOf,
  confirmedUser,
  newestRegistration,
  registrationToken,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { findLoginStreams } from './loginStreams.js';

let deps: TestCommands;
let email: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(() => {
  email = `${randomUUID()}@example.org`;
});
afterAll(() => deps.close());

const streamsOf = (address: string) => findLoginStreams(deps.vault, addressMacOf(deps, address), deps.clock.now());

describe('findLoginStreams', () => {
  it('E-02 gives an unknown address the stream of another user as decoy, the same one each time', async () => {
    await confirmedUser(deps, email);
    const first = await streamsOf('nobody@example.org');
    expect([first.account.kind, first.waiting.kind]).toEqual(['decoy', 'decoy']);
    expect(first.waiting).not.toEqual(first.account);
    expect(await streamsOf('nobody@example.org')).toEqual(first);
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => streamsOf(`n${index}@x.org`)));
    const streams = new Set(deps.eventLog.events.map(({ stream }) => stream));
    expect(all.some(({ account }) => account.kind === 'decoy' && streams.has(userStream(account.userId)))).toBe(true);
  });

  it('ignores an expired registration', async () => {
    await registrationToken(deps, email);
    deps.clock.advance(86_400_001);
    expect((await streamsOf(email)).waiting.kind).toBe('decoy');
  });

  it('E-01 finds the account and the newest registration that waits beside it', async () => {
    const userId = await confirmedUser(deps, email);
    const decoy = (await streamsOf(email)).waiting;
    expect(decoy.kind).toBe('decoy');
    for (let registration = 0; registration < 2; registration += 1) await registrationToken(deps, email);
    const registrationId = await newestRegistration(deps, email);
    expect(await streamsOf(email)).toEqual({
      account: { kind: 'account', userId },
      waiting: { kind: 'registration', registrationId },
    });
  });
});
