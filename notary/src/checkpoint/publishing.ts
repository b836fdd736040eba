import type { Log } from '@ums/kit/log';
import { parseNotes } from '../note/signedNote.js';
import type { Place, SignedSize } from '../place/place.js';
import type { NotaryMetrics } from './notaryMetrics.js';
import type { KeptNote } from './proveExtension.js';

export interface PublishingDeps {
  places: readonly Place[];
  metrics: Pick<NotaryMetrics, 'placeAnswered'>;
  log: Log;
}

/** The places of the notary, each on its own: one that fails stops no other, and is tried again. */
export interface Publishing {
  /** The latest note of each place that answers. Those that hold an older one than `last`, or cannot tell, get that next. */
  readBack(last: SignedSize | undefined): Promise<KeptNote[]>;
  /** From now on this checkpoint is owed to all places, instead of any earlier one. */
  owe(checkpoint: SignedSize): void;
  /** Publishes what is owed. Never rejects. */
  publishOwed(): Promise<void>;
}

export const publishing = ({ places, metrics, log }: PublishingDeps): Publishing => {
  const owed = new Map<Place, SignedSize>();
  const failing = new Set<Place>();

  /** `undefined` when the place failed, which is logged once until it answers. */
  const ask = async <T>(place: Place, call: () => Promise<T>): Promise<{ answer: T } | undefined> => {
    try {
      const answer = await call();
      failing.delete(place);
      metrics.placeAnswered(place.name, true);
      return { answer };
    } catch (error) {
      if (!failing.has(place)) log.warn('place of checkpoints failed', { dependency: place.name, error });
      failing.add(place);
      metrics.placeAnswered(place.name, false);
      return undefined;
    }
  };

  return {
    readBack: async (last) => {
      const kept = await Promise.all(
        places.map(async (place): Promise<KeptNote[]> => {
          const { latest } = place;
          if (latest === undefined) {
            if (last !== undefined && !owed.has(place)) owed.set(place, last);
            return [];
          }
          const read = await ask(place, latest);
          if (read === undefined) return [];
          const { answer: text } = read;
          const size = parseNotes(text ?? '').at(-1)?.head.size ?? 0;
          if (last !== undefined && size < last.size && !owed.has(place)) owed.set(place, last);
          return text === undefined || text === '' ? [] : [{ where: `the ${place.name}`, text }];
        }),
      );
      return kept.flat();
    },
    owe: (checkpoint) => {
      for (const place of places) owed.set(place, checkpoint);
    },
    publishOwed: async () => {
      await Promise.all(
        [...owed].map(async ([place, checkpoint]) => {
          if ((await ask(place, () => place.publish(checkpoint))) !== undefined) owed.delete(place);
        }),
      );
    },
  };
};
