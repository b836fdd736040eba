import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { seededRandom } from '../../../e2e/test/recovery/seededRandom.js';
import { LogUnavailable } from './eventLog.js';
import { sharedPositions } from './sharedPositions.js';

const at = (position: bigint): RecordedEvent => ({
  id: `event-${position}`,
  stream: 'stream',
  revision: position,
  position,
  type: 'Type',
  data: {},
  metadata: {},
});

/** A log with events at every tenth position, and any number of followers, each with its own connection. */
const growingLog = () => {
  const url = `esdb://${randomUUID()}`;
  const positions: bigint[] = [];
  const reads: (bigint | undefined)[] = [];
  let failures = 0;
  let meanwhile = (): void => undefined;
  const log = {
    reads,
    grow: (count: number) => {
      for (let index = 0; index < count; index++) positions.push(BigInt(positions.length) * 10n);
    },
    refuse: () => {
      failures = 1;
    },
    between: (after: bigint | undefined, upTo: bigint) =>
      positions.filter((position) => (after === undefined || position > after) && position <= upTo),
    /** Puts another log in its place. */
    restore: (others: readonly bigint[]) => void positions.splice(0, positions.length, ...others),
    follower: () => log.hangingFollower(),
    failing: () => sharedPositions(url, () => Promise.reject(new LogUnavailable())),
    hangingFollower: (until: Promise<void> = Promise.resolve()) =>
      sharedPositions(url, async (after, limit) => {
        await until;
        reads.push(after);
        if (failures-- > 0) throw new LogUnavailable();
        const page = log
          .between(after, positions.at(-1) ?? -1n)
          .slice(0, limit)
          .map(at);
        const work = meanwhile;
        meanwhile = () => undefined;
        work();
        return page;
      }),
    /** Has read the log before it answers. */
    lateFollower: (until: Promise<void>) =>
      sharedPositions(url, async (after, limit) => {
        const page = log.between(after, positions.at(-1) ?? -1n).slice(0, limit);
        await until;
        return page.map(at);
      }),
    /** Runs once, after the log was read and before the reader gets it. */
    whileRead: (work: () => void) => {
      meanwhile = work;
    },
  };
  return log;
};

describe('sharedPositions', () => {
  it('F-12 reads for the first follower what the others ask for, at the same time or later', async () => {
    const log = growingLog();
    log.grow(10);
    const [first, second, third] = [log.follower(), log.follower(), log.follower()];
    const asked = [first.positions(20n, 50n), second.positions(20n, 70n)];
    expect(await Promise.all(asked)).toEqual([
      [30n, 40n, 50n],
      [30n, 40n, 50n, 60n, 70n],
    ]);
    expect(await third.positions(40n, 90n)).toEqual([50n, 60n, 70n, 80n, 90n]);
    expect(log.reads).toEqual([20n]);
    log.grow(2);
    expect(await second.positions(70n, 110n)).toEqual([80n, 90n, 100n, 110n]);
    expect(await first.positions(50n, 100n)).toEqual([60n, 70n, 80n, 90n, 100n]);
    expect(log.reads).toEqual([20n, 90n]);
  });

  it('takes what was read for its events, if it adjoins', async () => {
    const log = growingLog();
    log.grow(10);
    const follower = log.follower();
    await follower.positions(20n, 40n);
    log.grow(10);
    await log.follower().readAll(120n, 3);
    await log.follower().readAll(60n, 5);
    await log.follower().readAll(10n, 3);
    log.reads.length = 0;
    expect(await follower.positions(40n, 110n)).toEqual([50n, 60n, 70n, 80n, 90n, 100n, 110n]);
    expect(log.reads).toEqual([]);
    expect(await follower.positions(110n, 150n)).toEqual([120n, 130n, 140n, 150n]);
    expect(log.reads).toEqual([110n]);
  });

  it('reads from the beginning, and page by page', async () => {
    const log = growingLog();
    log.grow(2_500);
    const follower = log.follower();
    expect(await follower.positions(undefined, 24_990n)).toHaveLength(2_500);
    expect(log.reads).toEqual([undefined, 9_990n, 19_990n]);
    expect(await log.follower().positions(undefined, 30n)).toEqual([0n, 10n, 20n, 30n]);
    expect(await log.follower().positions(24_990n, 24_990n)).toEqual([]);
    expect(log.reads).toHaveLength(3);
  });

  it('F-12 reads on its own connection where the read of another follower fails', async () => {
    const log = growingLog();
    log.grow(10);
    log.refuse();
    const [failed, read] = await Promise.allSettled([
      log.follower().positions(20n, 40n),
      log.follower().positions(20n, 50n),
    ]);
    expect(failed.status).toBe('rejected');
    expect(read).toEqual({ status: 'fulfilled', value: [30n, 40n, 50n] });
    expect(log.reads).toEqual([20n, 20n]);
  });

  it('F-12 does not wait for a read of another follower that hangs', async () => {
    const log = growingLog();
    log.grow(20);
    let resume = (): void => undefined;
    const hanging = log.hangingFollower(new Promise((resolve) => (resume = resolve))).positions(20n, 50n);
    expect(await log.follower().positions(20n, 50n)).toEqual([30n, 40n, 50n]);
    resume();
    expect(await hanging).toEqual([30n, 40n, 50n]);
  });

  it('F-12 reads once more what was appended after the read of another follower had begun', async () => {
    const log = growingLog();
    log.grow(10);
    const [first, second] = [log.follower(), log.follower()];
    await first.positions(20n, 90n);
    log.grow(1);
    log.whileRead(() => log.grow(1));
    const asked = [first.positions(90n, 100n), second.positions(90n, 110n)];
    expect(await Promise.all(asked)).toEqual([[100n], [100n, 110n]]);
  });

  it('F-12 forgets what it has read once a connection was lost: the log may be another one', async () => {
    const log = growingLog();
    log.grow(10);
    const follower = log.follower();
    for (const lose of [follower.forget, () => expect(log.failing().positions(90n, 100n)).rejects.toThrow()]) {
      await follower.positions(20n, 70n);
      await lose();
      log.restore([60n, 65n, 70n]);
      expect(await follower.positions(50n, 70n)).toEqual([60n, 65n, 70n]);
      follower.forget();
      log.restore([30n, 40n, 50n, 60n, 70n, 80n, 90n]);
    }
  });

  it('F-12 fills nothing with a read of the log before', async () => {
    const log = growingLog();
    log.grow(8);
    const follower = log.follower();
    await follower.positions(20n, 40n);
    let answer = (): void => undefined;
    const late = log.lateFollower(new Promise((resolve) => (answer = resolve))).readAll(40n, 3);
    log.restore([40n]);
    follower.forget();
    await follower.positions(30n, 40n);
    log.restore([40n, 45n, 70n]);
    answer();
    await late;
    expect(await follower.positions(30n, 70n)).toEqual([40n, 45n, 70n]);
  });

  it('F-12 begins anew where the log changes while it reads', async () => {
    const log = growingLog();
    log.grow(8);
    const follower = log.follower();
    await follower.positions(20n, 70n);
    log.grow(2);
    log.whileRead(() => {
      log.restore([60n, 65n, 70n, 80n, 90n]);
      follower.forget();
    });
    expect(await follower.positions(50n, 90n)).toEqual([60n, 65n, 70n, 80n, 90n]);
    expect(log.reads).toEqual([20n, 70n, 50n]);
  });

  it('F-12 comes to an end although the reads of others fail again and again', async () => {
    const log = growingLog();
    log.grow(5_000);
    const follower = log.follower();
    const loseOften = (): void => {
      follower.forget();
      log.whileRead(loseOften);
    };
    log.whileRead(loseOften);
    expect(await follower.positions(undefined, 49_990n)).toHaveLength(5_000);
  });

  it('F-12 holds exactly what is left when it drops the oldest', async () => {
    const log = growingLog();
    log.grow(15_001);
    const follower = log.follower();
    await follower.positions(0n, 150_000n);
    log.reads.length = 0;
    // Ten thousand are left, all after the position 50,000.
    expect(await follower.positions(50_000n, 50_020n)).toEqual([50_010n, 50_020n]);
    expect(await follower.positions(50_010n, 50_030n)).toEqual([50_020n, 50_030n]);
    expect(await follower.positions(149_980n, 150_000n)).toEqual([149_990n, 150_000n]);
    expect(log.reads).toEqual([]);
    expect(await follower.positions(49_990n, 50_010n)).toEqual([50_000n, 50_010n]);
    expect(log.reads).toEqual([49_990n]);
  });

  it('fails with the read, and then reads the same part', async () => {
    const log = growingLog();
    log.grow(10);
    const follower = log.follower();
    log.refuse();
    await expect(follower.positions(20n, 40n)).rejects.toBeInstanceOf(LogUnavailable);
    expect(await follower.positions(20n, 40n)).toEqual([30n, 40n]);
  });

  it('F-12 answers like the log, wherever followers are, while it drops the oldest', async () => {
    const log = growingLog();
    const random = seededRandom(7);
    const followers = Array.from({ length: 4 }, () => ({
      log: log.follower(),
      after: undefined as bigint | undefined,
    }));
    let head = -10n;
    for (let round = 0; round < 60; round++) {
      const count = Math.floor(random() * 3_000);
      log.grow(count);
      head += BigInt(count) * 10n;
      for (const follower of followers) {
        if (random() < 0.5) continue;
        const after = random() < 0.1 ? undefined : follower.after;
        const upTo = head - BigInt(Math.floor(random() * 50));
        expect(await follower.log.positions(after, upTo)).toEqual(log.between(after, upTo));
        if (upTo > (follower.after ?? -1n)) follower.after = upTo;
      }
    }
  });
});
