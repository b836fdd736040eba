import { KeyObject } from 'node:crypto';
import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { ERASED, type Erased } from '@ums/contracts/personal';
import { decode, holdsSealed, isKnown } from '@ums/contracts/stored/stored';
import type { Open } from '@ums/contracts/stored/storedForm';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { keyIsDeleted, parseStream, subjectOf } from '@ums/contracts/streams';
import type { DataKeys } from '../sealing/dataKeys.js';
import { SealBroken } from '../sealing/sealBroken.js';
import { openWith } from '../sealing/sealing.js';

/** A subject has no key and no record of its erasure in the vault: a fault, never shown as erased data. */
export class MissingKey extends Error {
  override readonly name = 'MissingKey';

  constructor() {
    super('the data key of a subject is missing without a record of its erasure');
  }
}

/** The result of opening one event. `unknown`: a foreign stream or unknown type, to be skipped and counted (F-15). */
export type OpenedEvent = { recorded: RecordedEvent } & (
  | { fact: Fact; unknown?: never; failed?: never }
  | { fact?: never; unknown: true; failed?: never }
  | { fact?: never; unknown?: never; failed: MissingKey | SealBroken | Undecodable }
);

/**
 * Decodes and unseals events in order, and fetches the keys they need with one query. A fault of one event becomes the
 * result of that event.
 *
 * @throws anything that is not a fault of one event, for example when the vault is down.
 */
export const openFacts = async (events: readonly RecordedEvent[], keys: DataKeys): Promise<OpenedEvent[]> => {
  const subjects = new Set<string>();
  for (const { type, stream, data } of events) {
    const subject = holdsSealed(type) ? subjectOf(stream, data) : undefined;
    if (subject !== undefined) subjects.add(subject);
  }
  const found = await fetchKeys(subjects, keys);
  return events.map((recorded) => opened(recorded, found));
};

type FoundKeys = ReadonlyMap<string, KeyObject | Erased | SealBroken>;

/** Fetches keys one by one if a key is damaged, so that the others can still be used. */
const fetchKeys = async (subjects: ReadonlySet<string>, keys: DataKeys): Promise<FoundKeys> => {
  try {
    return subjects.size === 0 ? new Map() : await keys.fetch(subjects);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    if (subjects.size === 1) return new Map([...subjects].map((subject) => [subject, error]));
    const each = [];
    for (const subject of subjects) each.push(...(await fetchKeys(new Set([subject]), keys)));
    return new Map(each);
  }
};

const opened = (recorded: RecordedEvent, found: FoundKeys): OpenedEvent => {
  const stream = isKnown(recorded.type) ? parseStream(recorded.stream) : undefined;
  if (stream === undefined) return { recorded, unknown: true };
  const open: Open = (place, sealed) => {
    const key = found.get(place.subject);
    if (key instanceof KeyObject) return openWith(key, place, sealed);
    if (key instanceof SealBroken) throw key;
    if (key !== undefined || keyIsDeleted(stream)) return ERASED;
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
