import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { Undecodable } from '@ums/contracts/events/undecodable';
import { ERASED, type Erased } from '@ums/contracts/personal';
import { decode, holdsSealed, isKnown } from '@ums/contracts/stored';
import type { Open } from '@ums/contracts/storedForm';
import { parseStream, subjectOf } from '@ums/contracts/streams';
import type { DataKeys } from '../sealing/dataKeys.js';
import { SealBroken } from '../sealing/sealBroken.js';
import { openWith } from '../sealing/sealing.js';

/** A living subject's key is not in the vault, and no tombstone says why: an alarm, never a blank. */
export class MissingKey extends Error {
  override readonly name = 'MissingKey';

  constructor() {
    super('the data key of a subject is missing without a tombstone');
  }
}

/** An event read as far as it can be. `unknown`: a stream or type that is none of ours, to be skipped and counted (F-15). */
export type OpenedEvent = { recorded: RecordedEvent } & (
  | { fact: Fact; unknown?: never; failed?: never }
  | { fact?: never; unknown: true; failed?: never }
  | { fact?: never; unknown?: never; failed: MissingKey | SealBroken | Undecodable }
);

/**
 * Decodes and unseals events in their order, fetching the keys they need in one go. A fault of one event is that event's
 * result; whatever else fails (the vault is down) is thrown.
 */
export const openFacts = async (events: readonly RecordedEvent[], keys: DataKeys): Promise<OpenedEvent[]> => {
  const subjects = new Set<string>();
  for (const { type, stream } of events) {
    const subject = holdsSealed(type) ? subjectOf(stream) : undefined;
    if (subject !== undefined) subjects.add(subject);
  }
  const found = await fetchEach(subjects, keys);
  return events.map((recorded) => opened(recorded, found));
};

type Found = ReadonlyMap<string, Buffer | Erased | SealBroken>;

/** One damaged key must not hide those of all others: then they are fetched one by one. */
const fetchEach = async (subjects: ReadonlySet<string>, keys: DataKeys): Promise<Found> => {
  try {
    return subjects.size === 0 ? new Map() : await keys.fetch(subjects);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    if (subjects.size === 1) return new Map([...subjects].map((subject) => [subject, error]));
    const each = [];
    for (const subject of subjects) each.push(...(await fetchEach(new Set([subject]), keys)));
    return new Map(each);
  }
};

const opened = (recorded: RecordedEvent, found: Found): OpenedEvent => {
  const stream = isKnown(recorded.type) ? parseStream(recorded.stream) : undefined;
  if (stream === undefined) return { recorded, unknown: true };
  const open: Open = (place, sealed) => {
    const key = found.get(place.subject);
    if (Buffer.isBuffer(key)) return openWith(key, place, sealed);
    if (key instanceof SealBroken) throw key;
    if (key !== undefined || stream.category === 'registration') return ERASED;
    throw new MissingKey();
  };
  try {
    const fact = decode(recorded, open);
    return fact === undefined ? { recorded, unknown: true } : { recorded, fact };
  } catch (failed) {
    if (failed instanceof MissingKey || failed instanceof SealBroken || failed instanceof Undecodable)
      return { recorded, failed };
    throw failed;
  }
};
