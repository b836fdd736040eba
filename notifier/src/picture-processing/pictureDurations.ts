import { durations } from '@ums/kit/metrics';
import type { PictureOutcome } from './pictureOutcome.js';

const seconds = () =>
  durations('ums_picture_processing_seconds', 'Time to process a picture, by outcome.', ['outcome']);

/** Observes in `ums_picture_processing_seconds`. A rejected picture has its reason as outcome. */
export const observePicture = (outcome: PictureOutcome, durationMs: number): void =>
  seconds().observe({ outcome: outcome.kind === 'processed' ? outcome.kind : outcome.reason }, durationMs / 1_000);
