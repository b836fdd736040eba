import { bombs } from './bombs.js';
import type { CorpusFile } from './corpusFile.js';
import { damagedPictures } from './damagedPictures.js';
import { oddPictures } from './oddPictures.js';
import { otherFiles } from './otherFiles.js';
import { uprightPictures } from './uprightPictures.js';

/** Hostile and odd files, all made by code. */
export const CORPUS: readonly CorpusFile[] = [
  ...[...uprightPictures, ...oddPictures, ...bombs, ...damagedPictures, ...otherFiles],
];
