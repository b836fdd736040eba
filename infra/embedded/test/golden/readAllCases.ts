import { BACKWARDS, END, START } from '@eventstore/db-client';
import { describeEvent } from './describeResult.js';
import type { GoldenCases } from './goldenCases.js';
import { collect, isRising, labelOf } from './readEvents.js';
import { appendEvents, isSampleStream, sampleEvent, streamName } from './sampleStreams.js';

export const readAllCases: GoldenCases = {
  'readall.order': async (client) => {
    await appendEvents(client, streamName('all1'), 3);
    await appendEvents(client, streamName('all2'), 3);
    await appendEvents(client, streamName('all1'), 2);
    const found = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 8 }));
    return found.map(labelOf);
  },

  'readall.shape': async (client) => {
    await client.appendToStream(streamName('all3'), sampleEvent());
    const [found] = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
    if (!found) return undefined;
    const { position } = found.event;
    return {
      keys: Object.keys(found).sort(),
      ...describeEvent(found),
      same: found.commitPosition === position?.commit,
      posTypes: [typeof position?.commit, typeof position?.prepare],
    };
  },

  'readall.monotonic': async (client) => {
    const all = await collect(client.readAll());
    const back = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: all.length }));
    return {
      rising: isRising(all.map(({ event }) => event.position)),
      commitIsPrepare: all.every(({ event }) => event.position?.commit === event.position?.prepare),
      backIsReverse: back.every(({ event }, index) => event.id === all[all.length - 1 - index]?.event.id),
      metaStreams: all.some(({ event }) => event.streamId.startsWith(`$$${streamName('')}`)),
      tombstones: all.some(({ event }) => event.type === '$streamDeleted'),
    };
  },

  'readall.from.position': async (client) => {
    const { position = END } = await appendEvents(client, streamName('all4'), 3);
    await appendEvents(client, streamName('all5'), 2);
    const forwards = await collect(client.readAll({ fromPosition: position, maxCount: 100 }));
    const backwards = await collect(client.readAll({ direction: BACKWARDS, fromPosition: position, maxCount: 2 }));
    return {
      fwd: forwards.filter(({ event }) => isSampleStream(event.streamId)).map(labelOf),
      bwd: backwards.map(labelOf),
    };
  },

  'readall.start.backwards': async (client) =>
    (await collect(client.readAll({ direction: BACKWARDS, fromPosition: START }))).length,

  'position.append-rising': async (client) => {
    const positions: bigint[] = [];
    for (let index = 0; index < 5; index += 1)
      positions.push((await appendEvents(client, streamName('mono'), 2)).position?.commit ?? -1n);
    return positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? position));
  },

  'position.stream-read-is-all-read': async (client) => {
    await appendEvents(client, streamName('posr'), 2);
    const inStream = await collect(client.readStream(streamName('posr')));
    const inAll = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 2 }));
    inAll.reverse();
    return inStream.map(
      ({ event, commitPosition }, index) =>
        event.position?.commit === inAll[index]?.event.position?.commit &&
        commitPosition === inAll[index]?.commitPosition,
    );
  },
};
