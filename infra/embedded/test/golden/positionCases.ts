import { setTimeout as sleep } from 'node:timers/promises';
import { BACKWARDS, type EventStoreDBClient, type Position, streamNameFilter } from '@eventstore/db-client';
import { type FoundEvent, resultOrError } from './describeResult.js';
import type { GoldenCases } from './goldenCases.js';
import { observeSubscription } from './observeSubscription.js';
import { collect, labelOf } from './readEvents.js';
import { appendEvents, isSampleStream, streamName } from './sampleStreams.js';

/** Positions at which no event is, made from that of an event. */
const POSITIONS: Readonly<Record<string, (of: Position) => Position>> = {
  one: () => ({ commit: 1n, prepare: 1n }),
  'mid-record': ({ commit, prepare }) => ({ commit: commit + 1n, prepare: prepare + 1n }),
  'mid-record-back': ({ commit, prepare }) => ({ commit: commit - 1n, prepare: prepare - 1n }),
  'prepare-over-commit': ({ commit, prepare }) => ({ commit, prepare: prepare + 10n }),
  'prepare-under-commit': ({ commit }) => ({ commit, prepare: 0n }),
  'beyond-end': ({ commit, prepare }) => ({ commit: commit + 1_000_000n, prepare: prepare + 1_000_000n }),
  'far-beyond': () => ({ commit: 1n << 60n, prepare: 1n << 60n }),
  max: () => ({ commit: 0xffffffffffffffffn, prepare: 0xffffffffffffffffn }),
};

/** How many events a subscription from the position sees; others see none. */
const SEEN: Readonly<Record<string, number>> = { 'prepare-under-commit': 3 };

/** Appends two events, then another; the position is made from that of the second. */
const positionIn = async (client: EventStoreDBClient, stream: string, next: string, name: string) => {
  const { position } = await appendEvents(client, streamName(`${stream}-${name}`), 2);
  await appendEvents(client, streamName(`${next}-${name}`));
  const make = POSITIONS[name];
  if (!position || !make) throw new Error('the append has no position');
  return make(position);
};

const labelOfSample = (found: FoundEvent) => (isSampleStream(found.event.streamId) ? labelOf(found) : 'other');

/** Reads and subscriptions from positions at which no event is. */
export const positionCases: GoldenCases = Object.fromEntries(
  Object.keys(POSITIONS).flatMap((name): [string, GoldenCases[string]][] => [
    [
      `readall.position.${name}`,
      async (client) => {
        const fromPosition = await positionIn(client, 'bp', 'bp2', name);
        const read = (direction: { direction?: typeof BACKWARDS }) =>
          resultOrError(async () =>
            (await collect(client.readAll({ ...direction, fromPosition, maxCount: 2 }))).map(labelOfSample),
          );
        return { fwd: await read({}), bwd: await read({ direction: BACKWARDS }) };
      },
    ],
    [
      `sub.all.position.${name}`,
      async (client) => {
        const fromPosition = await positionIn(client, 'sp', 'sp2', name);
        const filter = streamNameFilter({ prefixes: [streamName('sp')] });
        const subscription = client.subscribeToAll({ fromPosition, filter });
        const observed = observeSubscription(subscription);
        await observed.caughtUp();
        await sleep(150);
        await appendEvents(client, streamName(`sp3-${name}`));
        await observed.hasSeen(SEEN[name] ?? 0);
        await sleep(250);
        await subscription.unsubscribe();
        await observed.closed();
        return { ...observed.result(), seen: observed.seen.filter((label) => label.includes(name)) };
      },
    ],
  ]),
);
