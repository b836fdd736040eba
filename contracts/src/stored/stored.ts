import { type DomainEvent, EVENTS, type Fact, type RecordedEvent } from '../events/event.js';
import { ERASED } from '../personal.js';
import { readMetadata } from './readMetadata.js';
import { type Open, type Seal, storedForm } from './storedForm.js';
import { Undecodable } from './undecodable.js';

const form = storedForm(EVENTS);

/** Whether this version can read a stored name. Subscribers skip and count all others (F-15). */
export const isKnown = form.isKnown;

/** The type of an event with this stored name, current or earlier; `undefined` for an unknown name. */
export const currentType = form.currentType;

/** Whether writing an event of this type needs its subject's data key. */
export const isSealed = (type: DomainEvent['type']): boolean => form.isSealed(type);

/** Whether reading a stored event needs its subject's data key. */
export const holdsSealed = form.holdsSealed;

/**
 * What is written for an event: the stored name of its current shape, and its data with the personal fields sealed.
 *
 * @throws TypeError for a value that is not of its field's form, and for personal data in a stream without a subject.
 */
export const encode = (event: DomainEvent, at: { stream: string; eventId: string }, seal: Seal) =>
  form.encode(event, at, seal);

/**
 * Reads a stored event into its current shape.
 *
 * @returns `undefined` for a stored name this version does not know.
 * @throws Undecodable when a known event lacks what its shape requires; what `open` throws.
 */
export const decode = (recorded: RecordedEvent, open: Open): Fact | undefined => {
  const { id, stream, revision, position } = recorded;
  const decoded = form.decode(recorded, open);
  return decoded && ({ id, stream, revision, position, ...decoded, metadata: readMetadata(recorded) } as Fact);
};

/**
 * The current type of a stored event, and its data with the personal fields erased. Data that cannot be decoded is returned
 * as stored. `undefined` for a stored name this version does not know.
 */
export const decodeWithoutKeys = (recorded: RecordedEvent): { type: string; data: unknown } | undefined => {
  try {
    return form.decode(recorded, () => ERASED);
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    return { type: form.currentType(recorded.type) ?? recorded.type, data: recorded.data };
  }
};
