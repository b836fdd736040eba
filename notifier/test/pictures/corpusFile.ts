import type { PictureRejection } from '@ums/contracts/processedPicture';

/** A file of the corpus and what must become of it. */
export interface CorpusFile {
  name: string;
  /** Several where the decoder may decide. */
  outcomes: readonly ('processed' | PictureRejection)[];
  make(): Buffer | Promise<Buffer>;
  /** Largest difference of a channel, where the file shows the quadrants upright. */
  tolerance?: number;
}

/** A file that is processed. */
export const good = (name: string, make: CorpusFile['make'], tolerance?: number): CorpusFile => {
  const file: CorpusFile = { name, outcomes: ['processed'], make };
  return tolerance === undefined ? file : { ...file, tolerance };
};

/** A file that is rejected for this reason. */
export const bad = (reason: PictureRejection, name: string, make: CorpusFile['make']): CorpusFile => ({
  name,
  outcomes: [reason],
  make,
});

/** A file that shows something or is rejected. */
export const either = (name: string, make: CorpusFile['make']): CorpusFile => ({
  name,
  outcomes: ['processed', 'damaged'],
  make,
});

/** A file that takes longer than the limit, except on a fast machine. */
export const slow = (name: string, make: CorpusFile['make']): CorpusFile => ({
  name,
  outcomes: ['processed', 'time-limit'],
  make,
});
