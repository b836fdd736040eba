import { describe, expect, it } from '@jest/globals';
import { followTestbed, NO_STALL_MS } from '../../test/followTestbed.js';
import { ids, take } from '../../test/sampleEvents.js';
import { status } from '../../test/subscriptionProxy.js';
import { until } from '../../test/until.js';

describe('follow', () => {
  const testbed = followTestbed();

  it('F-12 yields an event once when the server delivers it three times', async () => {
    const { nextIds, lost } = await testbed.followSubscriptions(NO_STALL_MS);
    testbed.subscriptions.repeat(3);
    const live = nextIds(20);
    await until(() => testbed.subscriptions.opened === 1);
    const written = await testbed.write(20);
    expect(await live).toEqual(written);
    const more = await testbed.write(1);
    expect(await nextIds(1)).toEqual(more);
    expect(lost).toEqual([]);
  });

  it('P9 reads existing events page by page, then subscribes, and skips nothing in between', async () => {
    const { nextIds, lost } = await testbed.followSubscriptions(NO_STALL_MS);
    const written = [...(await testbed.write(700)), ...(await testbed.write(600))];
    const reading = nextIds(1_320);
    for (let more = 0; more < 20; more++) written.push(...(await testbed.write(1)));
    expect(await reading).toEqual(written);
    const live = nextIds(1);
    await until(() => testbed.subscriptions.opened === 1);
    expect(await testbed.write(1)).toEqual(await live);
    expect(lost).toEqual([]);
  });

  it('F-12 tells of pages, which follow each other, before their events, and of nothing that was delivered', async () => {
    const from = await testbed.head();
    const { eventLog } = await testbed.followSubscriptions(NO_STALL_MS);
    await testbed.write(700);
    const parts: (bigint | undefined)[][] = [];
    const onPage = (...part: [bigint | undefined, bigint]) => void parts.push(part);
    const events = eventLog.follow(from, { signal: testbed.stop.signal, onPage });
    const [first] = await take(events, 1);
    expect(parts).toEqual([[from, expect.any(BigInt)]]);
    const rest = await take(events, 699);
    const reached = [first, ...rest].map((event) => event?.position);
    expect(parts).toEqual([
      [from, reached[499]],
      [reached[499], reached[699]],
    ]);
    const live = take(events, 1);
    await until(() => testbed.subscriptions.opened === 1);
    const written = await testbed.write(1);
    expect(ids(await live)).toEqual(written);
    expect(parts).toHaveLength(2);
  });

  it('ends when its reader leaves the loop, and when its client closes', async () => {
    const { events, eventLog } = await testbed.followSubscriptions(NO_STALL_MS);
    await testbed.write(2);
    // The first page has these events, so no subscription is opened yet.
    for await (const event of events) {
      expect(event.revision).toBe(0n);
      break;
    }
    const second = eventLog.follow(undefined, { signal: testbed.stop.signal });
    expect((await second.next()).done).toBe(false);
    const waiting = eventLog.follow(await testbed.head(), { signal: testbed.stop.signal }).next();
    await until(() => testbed.subscriptions.opened === 1);
    await eventLog.close();
    expect((await waiting).done).toBe(true);
  });

  it('yields nothing after its signal aborted, even if the page has more', async () => {
    const { events } = await testbed.followSubscriptions(NO_STALL_MS);
    await testbed.write(5);
    expect((await events.next()).done).toBe(false);
    testbed.stop.abort();
    expect((await events.next()).done).toBe(true);
    expect(testbed.subscriptions.opened).toBe(0);
  });

  it('keeps events for a slow reader', async () => {
    const { nextIds } = await testbed.followSubscriptions(NO_STALL_MS);
    const live = nextIds(1);
    await until(() => testbed.subscriptions.opened === 1);
    const written = [...(await testbed.write(1_000)), ...(await testbed.write(1_000))];
    expect(await live).toEqual(written.slice(0, 1));
    const later = await testbed.write(10);
    expect(await nextIds(2_009)).toEqual([...written.slice(1), ...later]);
  });

  it('shares one subscription between the followers of a process, each at its own pace', async () => {
    const { nextIds, eventLog } = await testbed.followSubscriptions(NO_STALL_MS);
    const slow = eventLog.follow(await testbed.head(), { signal: testbed.stop.signal });
    const live = [nextIds(1), take(slow, 1).then(ids)];
    await until(() => testbed.subscriptions.opened === 1);
    const first = await testbed.write(1);
    expect(await Promise.all(live)).toEqual([first, first]);
    // It reads while they arrive, so that it stays a reader of the subscription when the slow one goes back to the log.
    const reading = nextIds(2_000);
    const written = [...(await testbed.write(1_000)), ...(await testbed.write(1_000))];
    expect(await reading).toEqual(written);
    const later = await testbed.write(1);
    expect(ids(await take(slow, 2_001))).toEqual([...written, ...later]);
    expect(await nextIds(1)).toEqual(later);
    expect(testbed.subscriptions.opened).toBe(1);
  });

  it('F-13 resumes every follower of a subscription that is lost, with one new subscription', async () => {
    const { nextIds, eventLog, lost } = await testbed.followSubscriptions(NO_STALL_MS);
    const other = eventLog.follow(await testbed.head(), { signal: testbed.stop.signal });
    const live = [nextIds(2), take(other, 2).then(ids)];
    await until(() => testbed.subscriptions.opened === 1);
    const before = await testbed.write(2);
    expect(await Promise.all(live)).toEqual([before, before]);
    testbed.subscriptions.fail(status.UNAVAILABLE);
    const resumed = [nextIds(2), take(other, 2).then(ids)];
    await until(() => testbed.subscriptions.opened === 2);
    const after = await testbed.write(2);
    expect(await Promise.all(resumed)).toEqual([after, after]);
    expect(lost).toEqual([
      ['error', 1],
      ['error', 1],
    ]);
    expect(testbed.subscriptions.opened).toBe(2);
  });
});
