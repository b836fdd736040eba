import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  type Filter,
  type Position,
  streamNameFilter,
} from '@eventstore/db-client';
import type { GoldenCases } from './goldenCases.js';
import { observeSubscription, waitFor } from './observeSubscription.js';
import { isRising } from './readEvents.js';
import { appendEvents, sampleEvent, streamName } from './sampleStreams.js';

type Write = (client: EventStoreDBClient, prefix: string) => Promise<unknown>;
type CheckpointReached = NonNullable<Parameters<typeof streamNameFilter>[0]['checkpointReached']>;

interface FilteredSubscription {
  readonly filter?: (prefix: string, options: { checkpointReached: CheckpointReached }) => Filter;
  /** Done before the subscription starts, and after it has caught up; by default, as in `mixedBefore` and `mixedAfter`. */
  readonly before?: Write;
  readonly after?: Write;
  /** How many events to wait for. */
  readonly expected: number;
  /** How many checkpoints to wait for: those before the subscription has caught up have come then. */
  readonly checkpoints?: number;
}

const mixedBefore: Write = async (client, prefix) => {
  await client.appendToStream(`${prefix}-a`, [sampleEvent('Zed'), sampleEvent('Yak')]);
  await appendEvents(client, streamName(`noise${prefix}`), 5, 'Noise');
  await client.appendToStream(`${prefix}-b`, [sampleEvent('Zed'), sampleEvent('Zoo')]);
};

const mixedAfter: Write = async (client, prefix) => {
  await appendEvents(client, streamName(`noise${prefix}`), 5, 'Noise');
  await client.appendToStream(`${prefix}-c`, [sampleEvent('Yak'), sampleEvent('Zed')]);
};

/** Writes that the filters of these cases do not match. */
const unmatched = (name: string): { before: Write; after: Write } => ({
  before: (client, prefix) => appendEvents(client, streamName(name + prefix), 200),
  after: async (client, prefix) => {
    for (let index = 0; index < 70; index += 1) await appendEvents(client, streamName(name + prefix));
  },
});

const ofStreams =
  (maxSearchWindow: number, checkpointInterval: number): NonNullable<FilteredSubscription['filter']> =>
  (prefix, options) =>
    streamNameFilter({ prefixes: [`${prefix}-`], maxSearchWindow, checkpointInterval, ...options });

const SUBSCRIPTIONS: Readonly<Record<string, FilteredSubscription>> = {
  unfiltered: { expected: 16 },
  'stream-prefix': {
    filter: (prefix, options) => streamNameFilter({ prefixes: [`${prefix}-`], ...options }),
    expected: 6,
  },
  'stream-regex': {
    filter: (prefix, options) => streamNameFilter({ regex: `^${prefix}-[ab]$`, ...options }),
    expected: 4,
  },
  'type-prefix': { filter: (_, options) => eventTypeFilter({ prefixes: ['Z'], ...options }), expected: 4 },
  'type-prefixes': { filter: (_, options) => eventTypeFilter({ prefixes: ['Zed', 'Yak'], ...options }), expected: 5 },
  'type-regex': { filter: (_, options) => eventTypeFilter({ regex: '^Z[eo]', ...options }), expected: 4 },
  'type-regex.case': { filter: (_, options) => eventTypeFilter({ regex: '^zed$', ...options }), expected: 0 },
  'type-regex.none': { filter: (_, options) => eventTypeFilter({ regex: '^nothing$', ...options }), expected: 0 },
  'type-regex.invalid': { filter: (_, options) => eventTypeFilter({ regex: '(', ...options }), expected: 0 },
  'exclude-system': {
    filter: (_, options) => excludeSystemEvents(options),
    before: async (client, prefix) => {
      await mixedBefore(client, prefix);
      await client.setStreamMetadata(`${prefix}-a`, { custom: 1 });
    },
    expected: 16,
  },
  'system-included': {
    before: async (client, prefix) => {
      await mixedBefore(client, prefix);
      await client.setStreamMetadata(`${prefix}-a`, { custom: 1 });
      await client.deleteStream(`${prefix}-b`);
    },
    after: (client, prefix) => client.tombstoneStream(`${prefix}-a`),
    expected: 12,
  },
  'window-1.interval-1': { filter: ofStreams(1, 1), expected: 6, checkpoints: 17 },
  'window-2.interval-1': { filter: ofStreams(2, 1), expected: 6, checkpoints: 8 },
  'window-2.interval-2': { filter: ofStreams(2, 2), expected: 6, checkpoints: 4 },
  'window-4.interval-2': { filter: ofStreams(4, 2), expected: 6, checkpoints: 2 },
  'window-32.interval-1.no-match': {
    filter: (prefix, options) =>
      streamNameFilter({ prefixes: [`${prefix}+`], maxSearchWindow: 32, checkpointInterval: 1, ...options }),
    ...unmatched('nm'),
    ...{ expected: 0, checkpoints: 8 },
  },
  'checkpoint.no-window': {
    filter: (prefix, options) => streamNameFilter({ prefixes: [`${prefix}+`], checkpointInterval: 1, ...options }),
    ...unmatched('nw'),
    ...{ expected: 0, checkpoints: 8 },
  },
  'window-0': {
    filter: (prefix, options) => streamNameFilter({ prefixes: [`${prefix}-`], maxSearchWindow: 0, ...options }),
    expected: 0,
  },
};

const compare = (checkpoint: Position | undefined, event: Position | undefined): string | undefined => {
  if (!checkpoint || !event) return undefined;
  if (checkpoint.commit === event.commit) return '=';
  return checkpoint.commit > event.commit ? '>' : '<';
};

const subscribe =
  (name: string, subscriptionOf: FilteredSubscription): GoldenCases[string] =>
  async (client) => {
    const { filter: filterOf, before = mixedBefore, after = mixedAfter } = subscriptionOf;
    const { expected, checkpoints: expectedCheckpoints = 0 } = subscriptionOf;
    const prefix = streamName(`sa-${name}`);
    const { position } = await appendEvents(client, `${prefix}-mark`);
    await before(client, prefix);
    const checkpoints: Position[] = [];
    const checkpointReached: CheckpointReached = async (_subscription, checkpoint) => {
      checkpoints.push(checkpoint);
    };
    const subscription = client.subscribeToAll({
      ...(position ? { fromPosition: position } : {}),
      ...(filterOf ? { filter: filterOf(prefix, { checkpointReached }) } : {}),
    });
    const observed = observeSubscription(subscription);
    await observed.caughtUp();
    await sleep(200);
    await after(client, prefix);
    await observed.hasSeen(expected);
    await waitFor(() => checkpoints.length >= expectedCheckpoints);
    await sleep(300);
    await subscription.unsubscribe();
    await observed.closed();
    const positions = observed.events.map(({ event }) => event.position);
    return {
      ...observed.result(),
      seen: observed.seen.map((label) => label.replace(prefix, '')),
      rising: isRising(positions),
      checkpoints: checkpoints.length,
      checkpointsRising: isRising(checkpoints),
      lastCheckpointVsLastEvent: compare(checkpoints.at(-1), positions.at(-1)),
    };
  };

/** Subscriptions to all streams: which events a filter lets pass, and when checkpoints are sent. */
export const filterCases: GoldenCases = Object.fromEntries(
  Object.entries(SUBSCRIPTIONS).map(([name, subscription]) => [`sub.all.${name}`, subscribe(name, subscription)]),
);
