import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '@ums/contracts/events/event';

/** One stored version as it was first written, and what it must read as for ever. */
export interface Fixture {
  recorded: RecordedEvent;
  reads: { type: string; data: Record<string, unknown> };
}

const DIR = join(import.meta.dirname, '../fixtures');

/** The data key of every subject in the fixtures. */
export const FIXTURE_KEY = createHash('sha256').update('data key of the fixtures').digest();

export const fixtureNames = (): string[] => readdirSync(DIR).map((file) => file.replace(/\.json$/, ''));

export const readFixture = (storedName: string): Fixture => {
  const { recorded, reads } = JSON.parse(readFileSync(join(DIR, `${storedName}.json`), 'utf8'));
  const { revision, position, ...rest } = recorded;
  return { recorded: { ...rest, revision: BigInt(revision), position: BigInt(position) }, reads };
};
