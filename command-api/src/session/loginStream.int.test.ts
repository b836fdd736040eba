import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import {
  addressMacOf,
  confirmedUser,
  registrationToken,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { findLoginStream } from './loginStream.js';

let deps: TestCommands;
let email: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(() => {
  email = `${randomUUID()}@example.org`;
});
afterAll(() => deps.close());

const streamOf = (address: string) => findLoginStream(deps.vault, addressMacOf(deps, address), deps.clock.now());

describe('findLoginStream', () => {
  it('E-02 gives an unknown address the stream of another user as decoy, the same one each time', async () => {
    await confirmedUser(deps, email);
    const first = await streamOf('nobody@example.org');
    expect(first.kind).toBe('decoy');
    expect(await streamOf('nobody@example.org')).toEqual(first);
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => streamOf(`n${index}@x.org`)));
    const streams = new Set(deps.eventLog.events.map(({ stream }) => stream));
    expect(all.some((target) => target.kind === 'decoy' && streams.has(userStream(target.userId)))).toBe(true);
  });

  it('ignores an expired registration', async () => {
    await registrationToken(deps, email);
    deps.clock.advance(86_400_001);
    expect((await streamOf(email)).kind).toBe('decoy');
  });
});
