import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@ums/contracts/messages/message';
import { until } from '../../../infra/kit/test/until.js';
import { PROCESSED, pictureFixture } from '../../test/pictures/pictureFixture.js';

const CROWD = '198.51.100.7';

let fixture: ReturnType<typeof pictureFixture>;
/** Uploads in the order in which they were decoded. */
let decoded: string[];
/** Ends the decoding under way; another one begins if an upload waits. */
let next: () => void;

beforeEach(() => {
  fixture = pictureFixture();
  decoded = [];
  const ends: (() => void)[] = [];
  next = () => ends.shift()?.();
  fixture.onProcess(async (bytes, spend) => {
    decoded.push(Buffer.from(bytes).toString());
    await new Promise<void>((resolve) => ends.push(resolve));
    spend?.(1_000);
    return PROCESSED;
  });
});

/** Submits an upload whose content is its name. */
const submit = async (name: string, ip?: string) => {
  const userId = randomUUID();
  const submitted = await fixture.submit(userId, null, ip);
  await fixture.store(submitted.upload, name);
  return { ...submitted, userId };
};

const handleAll = (uploads: readonly { message: Message }[], stopping?: AbortSignal) =>
  uploads.map(({ message }) => fixture.handle(message, undefined, stopping));

describe('uploads of many users', () => {
  it.each([
    ['another source', '203.0.113.9', '203.0.113.9'],
    ['another network of IPv6', '2001:db8::1', '2001:db8:0:0:ffff::1'],
    ['a source that is not known', undefined, undefined],
  ])('R-02 of one source let one of %s go first', async (_of, ip, sameIp) => {
    const crowd = await Promise.all(['c1', 'c2', 'c3', 'c4'].map((name) => submit(name, CROWD)));
    const others = [await submit('other 1', ip), await submit('other 2', sameIp)];
    const outcomes = handleAll(crowd);
    await until(() => decoded.length === 2);
    outcomes.push(...handleAll(others));
    for (let ended = 1; ended <= 6; ended++) {
      next();
      await until(() => decoded.length === Math.min(6, 2 + ended));
    }
    expect(await Promise.all(outcomes)).toEqual(Array(6).fill('done'));
    expect(decoded.slice(0, 3)).toEqual(['c1', 'c2', 'other 1']);
    expect(decoded.indexOf('other 2')).toBeLessThan(5);
  });

  it('do not keep pictures that were removed', async () => {
    const crowd = await Promise.all(['c1', 'c2', 'c3'].map((name) => submit(name, CROWD)));
    const outcomes = handleAll(crowd);
    await until(() => decoded.length === 2);
    const userId = randomUUID();
    await fixture.store(`pictures/${userId}/${randomUUID()}/64`, 'a square');
    const removed = await fixture.record(userId, { type: 'ProfilePictureRemoved', data: { replaced: null } });
    expect(await fixture.handle(removed)).toBe('done');
    expect(fixture.objects.keys().filter((key) => key.includes(userId))).toEqual([]);
    for (const count of [3, 3, 3]) {
      next();
      await until(() => decoded.length === count);
    }
    await Promise.all(outcomes);
  });

  it('F-32 are left to the next start when the consumer stops while they wait', async () => {
    const crowd = await Promise.all(['c1', 'c2', 'c3'].map((name) => submit(name, CROWD)));
    const stop = new AbortController();
    const outcomes = handleAll(crowd, stop.signal);
    await until(() => decoded.length === 2);
    stop.abort();
    expect(await outcomes[2]).toBe('later');
    next();
    next();
    expect(await Promise.all(outcomes)).toEqual(['done', 'done', 'later']);
    expect(decoded).toEqual(['c1', 'c2']);
    expect(await handleAll(crowd.slice(0, 1), stop.signal)[0]).toBe('later');
  });

  it.each(['erased', 'damaged'])('are processed although the key of the source is %s', async (key) => {
    const upload = await submit('c1', CROWD);
    const { keys } = fixture;
    if (key === 'erased') keys.delete(upload.userId);
    else {
      await submit('c2', CROWD);
      keys.set(upload.userId, [...keys.values()].at(-1) as never);
    }
    const [outcome] = handleAll([upload]);
    await until(() => decoded.length === 1);
    next();
    expect(await outcome).toBe('done');
  });
});
