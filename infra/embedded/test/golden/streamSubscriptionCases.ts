import { setTimeout as sleep } from 'node:timers/promises';
import { binaryEvent, END, type EventStoreDBClient, type ReadRevision, START } from '@eventstore/db-client';
import { resultOrError } from './describeResult.js';
import type { GoldenCases } from './goldenCases.js';
import { observeSubscription } from './observeSubscription.js';
import { appendEvents, streamName } from './sampleStreams.js';

type Write = (client: EventStoreDBClient, stream: string) => Promise<unknown>;

interface Subscription {
  readonly from?: ReadRevision;
  /** Done before the subscription starts, and after it has caught up. */
  readonly before?: Write;
  readonly after?: Write;
  /** How many events to wait for, and how long, where they must not come. */
  readonly expected: number;
  readonly waitMs?: number;
  /** Whether it fails after them. */
  readonly fails?: boolean;
}

const three: Write = (client, stream) => appendEvents(client, stream, 3);
const two: Write = (client, stream) => appendEvents(client, stream, 2);

const SUBSCRIPTIONS: Readonly<Record<string, Subscription>> = {
  start: { from: START, before: three, after: two, expected: 5 },
  default: { before: three, after: two, expected: 5 },
  'from-0': { from: 0n, before: three, after: two, expected: 4 },
  'from-1': { from: 1n, before: three, after: two, expected: 3 },
  'from-last': { from: 2n, before: three, after: two, expected: 2 },
  'from-beyond': { from: 10n, before: three, after: two, expected: 1, waitMs: 3000 },
  'missing.end': { from: END, after: two, expected: 2 },
  'deleted-while': {
    from: START,
    before: three,
    after: async (client, stream) => {
      await client.deleteStream(stream);
      await two(client, stream);
    },
    expected: 5,
  },
  'tombstoned-before': {
    from: START,
    before: async (client, stream) => {
      await three(client, stream);
      await client.tombstoneStream(stream);
    },
    expected: 0,
  },
  'tombstoned-while': {
    from: START,
    before: three,
    after: (client, stream) => client.tombstoneStream(stream),
    ...{ expected: 4, fails: true },
  },
  truncated: {
    from: START,
    before: async (client, stream) => {
      await appendEvents(client, stream, 6);
      await client.setStreamMetadata(stream, { truncateBefore: 4 });
    },
    after: two,
    expected: 4,
  },
  maxcount: {
    from: START,
    before: async (client, stream) => {
      await client.setStreamMetadata(stream, { maxCount: 2 });
      await appendEvents(client, stream, 6);
    },
    after: two,
    expected: 4,
  },
  long: { from: START, before: (client, stream) => appendEvents(client, stream, 1500), expected: 1500 },
  'live-burst': {
    from: START,
    after: (client, stream) => Promise.all(Array.from({ length: 300 }, () => appendEvents(client, stream, 2))),
    expected: 600,
  },
};

/** The revisions; of more than 24, only whether they have gaps. */
const summarise = (revisions: readonly string[]) =>
  revisions.length <= 24
    ? revisions
    : {
        n: revisions.length,
        first: revisions[0],
        last: revisions.at(-1),
        gapless: revisions.every((revision, index) => Number(revision) === Number(revisions[0]) + index),
      };

const subscribe =
  (name: string, { from, before, after, expected, waitMs, fails = false }: Subscription): GoldenCases[string] =>
  async (client) => {
    const stream = streamName(`ss-${name}`);
    await before?.(client, stream);
    const subscription = client.subscribeToStream(stream, from === undefined ? {} : { fromRevision: from });
    const observed = observeSubscription(subscription);
    await observed.caughtUp();
    await sleep(150);
    if (after) await resultOrError(() => after(client, stream));
    await observed.hasSeen(expected, waitMs);
    if (fails) await observed.hasFailed();
    await sleep(200);
    await subscription.unsubscribe();
    await observed.closed();
    return {
      seen: observed.seen.length,
      /** A live burst may fall behind and catch up again. */
      marks: name === 'live-burst' ? observed.marks[0] : observed.marks,
      errors: observed.errors,
      revs: summarise(observed.seen.map((label) => label.split('@').pop() ?? '')),
    };
  };

export const streamSubscriptionCases: GoldenCases = {
  ...Object.fromEntries(
    Object.entries(SUBSCRIPTIONS).map(([name, subscription]) => [`sub.stream.${name}`, subscribe(name, subscription)]),
  ),

  'sub.stream.unsubscribe': async (client) => {
    const stream = streamName('unsub');
    await three(client, stream);
    const subscription = client.subscribeToStream(stream);
    const observed = observeSubscription(subscription);
    await observed.caughtUp();
    await subscription.unsubscribe();
    await observed.closed();
    await two(client, stream);
    await sleep(300);
    return observed.result();
  },

  'sub.stream.iterate': async (client) => {
    const stream = streamName('iter');
    await three(client, stream);
    const found: (bigint | undefined)[] = [];
    for await (const { event } of client.subscribeToStream(stream)) {
      found.push(event?.revision);
      if (found.length === 3) break;
    }
    return found;
  },

  'sub.stream.big-events': async (client) => {
    const stream = streamName('sbig');
    const size = 900_000;
    const appendBig = () => client.appendToStream(stream, binaryEvent({ type: 'Big', data: Buffer.alloc(size, 3) }));
    for (let index = 0; index < 8; index += 1) await appendBig();
    const subscription = client.subscribeToStream(stream);
    const observed = observeSubscription(subscription);
    await observed.hasSeen(8);
    await appendBig();
    await observed.hasSeen(9);
    await sleep(100);
    await subscription.unsubscribe();
    const isWhole = ({ data }: { data: unknown }) => data instanceof Uint8Array && data.length === size;
    return { seen: observed.seen, whole: observed.events.every(({ event }) => isWhole(event)) };
  },
};
