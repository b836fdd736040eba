import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { END, type Position, START, streamNameFilter } from '@eventstore/db-client';
import type { GoldenCases } from './goldenCases.js';
import { observeSubscription, waitFor } from './observeSubscription.js';
import { collect, labelOf } from './readEvents.js';
import { appendEvents, streamName } from './sampleStreams.js';

/** Subscriptions to all streams: where they start and resume, and slow consumers. */
export const allSubscriptionCases: GoldenCases = {
  'sub.all.start': async (client) => {
    const subscription = client.subscribeToAll();
    const observed = observeSubscription(subscription);
    await observed.caughtUp();
    await observed.hasSeen(1);
    await subscription.unsubscribe();
    await observed.closed();
    const read = await collect(client.readAll({ maxCount: observed.events.length }));
    return {
      sameAsRead: read.every(({ event }, index) => event.id === observed.events[index]?.event.id),
      marks: observed.marks.map((mark) => mark.replace(/@.*/, '')),
    };
  },

  'sub.all.from-append-position': async (client) => {
    const stream = streamName('saf');
    const { position = START } = await appendEvents(client, stream, 2);
    await appendEvents(client, stream, 2);
    const filter = streamNameFilter({ prefixes: [stream] });
    const subscription = client.subscribeToAll({ fromPosition: position, filter });
    const observed = observeSubscription(subscription);
    await observed.hasSeen(2);
    await sleep(200);
    await subscription.unsubscribe();
    return observed.seen;
  },

  'sub.all.resume-from-checkpoint': async (client) => {
    const prefix = streamName('rs-');
    const { position = START } = await appendEvents(client, `${prefix}m`);
    let checkpoint: Position | undefined;
    const subscribeFrom = (fromPosition: Position | typeof START) =>
      client.subscribeToAll({
        fromPosition,
        filter: streamNameFilter({
          prefixes: [prefix],
          maxSearchWindow: 4,
          checkpointInterval: 1,
          checkpointReached: async (_subscription, reached) => {
            checkpoint = reached;
          },
        }),
      });
    await appendEvents(client, `${prefix}a`, 3);
    await appendEvents(client, streamName('rz'), 9);

    const first = subscribeFrom(position);
    const observedFirst = observeSubscription(first);
    await observedFirst.caughtUp();
    await waitFor(() => observedFirst.seen.length >= 3 && checkpoint !== undefined);
    await sleep(200);
    await first.unsubscribe();
    await sleep(50);

    const resumeFrom = checkpoint ?? START;
    await appendEvents(client, `${prefix}b`, 2);
    const second = subscribeFrom(resumeFrom);
    const observedSecond = observeSubscription(second);
    await observedSecond.caughtUp();
    await appendEvents(client, `${prefix}c`);
    await observedSecond.hasSeen(3);
    await sleep(200);
    await second.unsubscribe();
    await observedSecond.closed();
    return { first: observedFirst.seen, second: observedSecond.seen, marks: observedSecond.marks };
  },

  'sub.all.slow-consumer': async (client) => {
    const prefix = streamName('sl-');
    const filter = streamNameFilter({ prefixes: [prefix] });
    const subscription = client.subscribeToAll({ fromPosition: END, filter });
    const seen: string[] = [];
    await once(subscription, 'confirmation');
    subscription.on('data', (event) => seen.push(labelOf(event as Parameters<typeof labelOf>[0])));
    await sleep(100);
    subscription.pause();
    for (let index = 0; index < 60; index += 1) await appendEvents(client, `${prefix}${index % 7}`, 100);
    await sleep(300);
    subscription.resume();
    await waitFor(() => seen.length >= 6000, 15_000);
    await sleep(200);
    await subscription.unsubscribe();
    return { n: seen.length, once: new Set(seen).size };
  },
};
