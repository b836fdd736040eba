import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toMessage } from '@ums/contracts/messages/message';
import { foldStates, type Published } from './foldStates.js';

let position = 0n;
const published = (stream: string, revision: bigint, type: string, data: object = {}): Published => {
  const metadata = { $correlationId: randomUUID(), at: '2026-01-07T12:00:00.000Z' };
  const event = { id: randomUUID(), stream, revision, position: ++position, type, data, metadata };
  const message = toMessage(event);
  if (message === undefined) throw new Error('not a stream of this service');
  return { event, message };
};

describe('foldStates', () => {
  it('gives the last state of each user, and none for other streams', () => {
    const [ada, bob] = [randomUUID(), randomUUID()];
    const { states, gaps } = foldStates(new Map(), [
      published(`user-${ada}`, 0n, 'UserRegistered', { roles: ['user'] }),
      published(`user-${bob}`, 0n, 'UserRegistered', { roles: ['user'] }),
      published(`signin-${ada}`, 0n, 'SessionStarted'),
      published(`user-${ada}`, 1n, 'UserSuspended'),
      published(`user-${bob}`, 1n, 'UserErasureStarted'),
    ]);
    expect(gaps).toEqual([]);
    expect(states).toMatchObject([
      { origin: { userId: ada, revision: 1n }, state: { status: 'suspended', roles: ['user'] } },
      { origin: { userId: bob, revision: 1n }, state: undefined },
    ]);
  });

  it('continues from the stored states, and ignores events that they include', () => {
    const userId = randomUUID();
    const stream = `user-${userId}`;
    const first = foldStates(new Map(), [published(stream, 0n, 'UserRegistered', { roles: ['user'] })]).states;
    const stored = new Map([[userId, first[0] as (typeof first)[number]]]);
    expect(foldStates(stored, [published(stream, 0n, 'UserRegistered', { roles: ['admin'] })]).states).toEqual([]);
    expect(foldStates(stored, [published(stream, 1n, 'RoleGranted', { role: 'admin' })]).states).toMatchObject([
      { origin: { revision: 1n }, state: { roles: ['user', 'admin'] } },
    ]);
  });

  it('F-12 reports each gap in the revisions of a user', () => {
    const stream = `user-${randomUUID()}`;
    const late = published(stream, 2n, 'UserSuspended');
    const { gaps } = foldStates(new Map(), [late, published(stream, 3n, 'UserReinstated')]);
    expect(gaps).toEqual([{ event: late.event, expected: 0n }]);
  });
});
