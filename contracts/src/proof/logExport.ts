import type { ProvedEvent } from './leaf.js';

/** What `format` of a log export says. A change that an old verifier cannot read gets a new name. */
export const LOG_EXPORT_FORMAT = 'ums-log-export.v1';

/** First line of a log export. Every line is the JSON text that ECMAScript's `JSON.stringify` makes, and a line feed ends it. */
export interface LogExportHeader {
  format: typeof LOG_EXPORT_FORMAT;
  /** Signed note of the tree whose leaves the other lines are, all of them and in its order. */
  checkpoint: string;
}

/** One leaf whose event the log still holds. */
export interface ExportedEvent {
  /** Index of its leaf, from 0. */
  index: number;
  /** Where the log holds it, decimal. Rises with the index; no hash covers it. */
  position: string;
  event: ProvedEvent;
  /** Hash of the leaf in base64, so that a verifier can name an event that was damaged. */
  leaf?: string;
}

/** One leaf whose event the log no longer holds, because the age limit of its stream has passed. */
export interface ExpiredEvent {
  index: number;
  /** Hash of the leaf in base64. */
  leaf: string;
}

/** Every line of a log export but the first. */
export type LogExportLine = ExportedEvent | ExpiredEvent;
