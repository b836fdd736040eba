import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { ReadablePlace } from '@ums/notary/place/place';

export interface MemoryPlace extends ReadablePlace {
  /** What was published, in order. */
  readonly notes: string[];
  setDown(isDown: boolean): void;
}

/** A place of checkpoints in memory, which can be made to fail. */
export const memoryPlace = (name: string): MemoryPlace => {
  const notes: string[] = [];
  let isDown = false;
  const requireUp = (): void => {
    if (isDown) throw new DependencyUnavailable(name);
  };
  return {
    name,
    notes,
    publish: async ({ note }) => {
      requireUp();
      notes.push(note);
    },
    latest: async () => {
      requireUp();
      return notes.at(-1);
    },
    setDown: (down) => {
      isDown = down;
    },
  };
};
