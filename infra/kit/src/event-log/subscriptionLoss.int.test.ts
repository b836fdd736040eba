import { describe, expect, it } from '@jest/globals';
import { followTestbed, NO_STALL_MS } from '../../test/followTestbed.js';
import { status } from '../../test/subscriptionProxy.js';
import { until } from '../../test/until.js';

describe('follow, when its subscription is lost', () => {
  const testbed = followTestbed();

  it('F-13 resumes a subscription that ended without an error', async () => {
    const { nextIds, lost } = await testbed.followSubscriptions(NO_STALL_MS);
    const live = nextIds(3);
    await until(() => testbed.subscriptions.opened === 1);
    const before = await testbed.write(3);
    expect(await live).toEqual(before);
    testbed.subscriptions.end();
    const after = await testbed.write(3);
    expect(await nextIds(3)).toEqual(after);
    expect(lost).toEqual([['end', 1]]);
  });

  it('F-13 resumes a subscription that failed, whatever the status', async () => {
    const { nextIds, lost } = await testbed.followSubscriptions(NO_STALL_MS);
    const codes = [status.UNAVAILABLE, status.CANCELLED, status.INTERNAL, status.UNKNOWN];
    for (const [index, code] of codes.entries()) {
      const live = nextIds(2);
      await until(() => testbed.subscriptions.opened === index + 1);
      const before = await testbed.write(2);
      expect(await live).toEqual(before);
      testbed.subscriptions.fail(code);
    }
    const after = await testbed.write(2);
    expect(await nextIds(2)).toEqual(after);
    expect(lost).toEqual([1, 2, 3, 4].map(() => ['error', 1]));
  });

  it('F-13 replaces a subscription that is silent while the log grows', async () => {
    const { nextIds, lost } = await testbed.followSubscriptions();
    const live = nextIds(2);
    // On a busy machine, the first one may be replaced before it is confirmed.
    await until(() => testbed.subscriptions.opened >= 1);
    const before = await testbed.write(2);
    expect(await live).toEqual(before);
    testbed.subscriptions.silence(true);
    const missed = await testbed.write(2);
    const resumed = nextIds(2);
    await until(() => lost.length > 0);
    testbed.subscriptions.silence(false);
    expect(await resumed).toEqual(missed);
    expect(lost[0]).toEqual(['stall', 1]);
  });

  it('F-13 counts the subscriptions lost in a row', async () => {
    testbed.subscriptions.silence(true);
    const { nextIds, lost } = await testbed.followSubscriptions();
    const waiting = nextIds(1);
    await until(() => lost.length >= 3);
    testbed.subscriptions.silence(false);
    const written = await testbed.write(1);
    expect(await waiting).toEqual(written);
    expect(lost.slice(0, 3)).toEqual([1, 2, 3].map((attempt) => ['stall', attempt]));
  });

  it('F-13 starts again when a page is not answered', async () => {
    const { nextIds, lost } = await testbed.followNetwork();
    const written = await testbed.write(1_200);
    expect(await nextIds(400)).toEqual(written.slice(0, 400));
    await testbed.network.set('hang');
    const rest = nextIds(800);
    await until(() => lost.length > 0);
    await testbed.network.set('pass');
    testbed.network.resetConnections();
    expect(await rest).toEqual(written.slice(400));
    expect(lost[0]).toEqual(['error', 1]);
  });

  it('F-12 skips and repeats nothing while connections are reset again and again', async () => {
    const { nextIds, lost } = await testbed.followNetwork(NO_STALL_MS);
    const first = await testbed.write(1);
    expect(await nextIds(1)).toEqual(first);
    const written: string[] = [];
    const reading = nextIds(500);
    for (let batch = 0; batch < 10; batch++) {
      written.push(...(await testbed.write(50)));
      testbed.network.resetConnections();
    }
    expect(await reading).toEqual(written);
    expect(new Set(lost.map(([reason]) => reason))).toEqual(new Set(['error']));
  });

  it('F-12 yields an event that is delivered after a newer one, and resumes after the newest', async () => {
    const { nextIds } = await testbed.followSubscriptions(NO_STALL_MS);
    const live = nextIds(1);
    await until(() => testbed.subscriptions.opened === 1);
    const before = await testbed.write(1);
    expect(await live).toEqual(before);
    testbed.subscriptions.swap();
    const [swapped, newer] = await testbed.write(2);
    expect((await nextIds(2)).sort()).toEqual([swapped, newer].sort());
    testbed.subscriptions.end();
    const after = await testbed.write(2);
    expect(await nextIds(2)).toEqual(after);
  });

  it('F-03 survives a log that is down or hangs, and continues once it is back', async () => {
    const { nextIds, lost } = await testbed.followNetwork();
    const first = await testbed.write(1);
    expect(await nextIds(1)).toEqual(first);
    for (const mode of ['refuse', 'hang'] as const) {
      const lostBefore = lost.length;
      const waiting = nextIds(1);
      await testbed.network.set(mode);
      testbed.network.resetConnections();
      await until(() => lost.length >= lostBefore + 2);
      await testbed.network.set('pass');
      testbed.network.resetConnections();
      const [id] = await testbed.write(1);
      expect(await waiting).toEqual([id]);
    }
  });
});
