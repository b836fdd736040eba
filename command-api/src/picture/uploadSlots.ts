import { Refused } from '@ums/kit/refused';

/** Uploads of 5 MB each lie in the temporary folder at once. */
const MOST = 32;
/** A source that sends slowly must not keep others from sending. */
const MOST_PER_SOURCE = 4;

/** Bounds how many uploads are received and kept at once, in all and by source. */
export const uploadSlots = () => {
  const bySource = new Map<string, number>();
  let all = 0;
  return {
    /** @returns what frees the slot; may be called again. @throws Refused `busy` */
    take: (source: string): (() => void) => {
      const count = bySource.get(source) ?? 0;
      if (all >= MOST || count >= MOST_PER_SOURCE) throw new Refused('busy');
      all += 1;
      bySource.set(source, count + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        all -= 1;
        const left = (bySource.get(source) ?? 1) - 1;
        if (left === 0) bySource.delete(source);
        else bySource.set(source, left);
      };
    },
  };
};
