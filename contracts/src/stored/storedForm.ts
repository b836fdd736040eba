import type { Declarations, Fields } from '../events/declaration.js';
import type { RecordedEvent } from '../events/event.js';
import type { Personal } from '../personal.js';
import type { SealedPlace } from '../sealing.js';
import { subjectOf } from '../streams.js';
import { Undecodable } from './undecodable.js';

/** Seals one value for a place; see `sealing.ts`. */
export type Seal = (place: SealedPlace, text: string) => string;

/** Opens one sealed value. Returns `ERASED` for an erased subject; throws when a living subject's value does not open. */
export type Open = (place: SealedPlace, sealed: string) => Personal;

/** What is stored under one name. */
interface StoredShape {
  type: string;
  fields: Fields;
  upcast?(data: Record<string, unknown>): Record<string, unknown>;
}

/** Reads and writes the stored form of some declared events. */
export const storedForm = (declarations: Declarations) => {
  const shapes = new Map<string, StoredShape>();
  for (const [type, { fields, storedAs = type, earlier = {} }] of Object.entries(declarations)) {
    shapes.set(storedAs, { type, fields });
    for (const [name, shape] of Object.entries(earlier)) shapes.set(name, { type, ...shape });
  }
  return {
    /** Every stored name that can be read, old ones included. */
    storedNames: [...shapes.keys()],
    isKnown: (storedName: string): boolean => shapes.has(storedName),
    /** The type that a stored name reads as; `undefined` for one that is not declared. */
    currentType: (storedName: string): string | undefined => shapes.get(storedName)?.type,
    /** Whether reading a stored event needs its subject's data key. */
    holdsSealed: (storedName: string): boolean => hasPersonal(shapes.get(storedName)?.fields ?? {}),
    /** Whether writing an event of this type needs its subject's data key. */
    isSealed: (type: string): boolean => hasPersonal(declarations[type]?.fields ?? {}),
    /** The stored name of the current shape, and the data with its personal fields sealed. Writes declared fields alone. */
    encode: (event: { type: string; data: object }, at: { stream: string; eventId: string }, seal: Seal) => {
      const declaration = declarations[event.type];
      if (declaration === undefined) throw new TypeError(`${event.type} is not declared`);
      const { fields, storedAs = event.type } = declaration;
      return { type: storedAs, data: written(fields, event.data, { ...at, storedType: storedAs }, seal) };
    },
    /**
     * The current type and data of a stored event; `undefined` for a stored name that is not declared.
     * @throws Undecodable when the event lacks what its shape requires; what `open` throws.
     */
    decode: (recorded: RecordedEvent, open: Open) => {
      const shape = shapes.get(recorded.type);
      if (shape === undefined) return undefined;
      const data = read(shape.fields, recorded, open);
      return { type: shape.type, data: shape.upcast?.(data) ?? data };
    },
  };
};

const hasPersonal = (fields: Fields): boolean => Object.values(fields).some(({ personal }) => personal);

interface Writing {
  stream: string;
  eventId: string;
  storedType: string;
}

const written = (fields: Fields, data: object, { stream, eventId, storedType }: Writing, seal: Seal) => {
  const values: Record<string, unknown> = {};
  const subject = subjectOf(stream, data);
  for (const [field, { personal, read }] of Object.entries(fields)) {
    const value = read((data as Record<string, unknown>)[field]);
    if (value === undefined || (personal && subject === undefined))
      throw new TypeError(`${storedType}.${field} cannot be written`);
    values[field] =
      personal && subject !== undefined ? seal({ subject, storedType, eventId, field }, value as string) : value;
  }
  return values;
};

const read = (fields: Fields, { id, stream, type, data }: RecordedEvent, open: Open): Record<string, unknown> => {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Undecodable(type, 'data');
  const values: Record<string, unknown> = {};
  const subject = subjectOf(stream, data);
  for (const [field, { personal, read }] of Object.entries(fields)) {
    const value = read((data as Record<string, unknown>)[field]);
    if (value === undefined || (personal && subject === undefined)) throw new Undecodable(type, field);
    values[field] =
      personal && subject !== undefined
        ? open({ subject, storedType: type, eventId: id, field }, value as string)
        : value;
  }
  return values;
};
