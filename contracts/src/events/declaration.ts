import type { Field } from './fields.js';

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The data of an event with these fields. */
export type DataOf<F extends Fields> = keyof F extends never
  ? Record<string, never>
  : { -readonly [N in keyof F]: F[N] extends Field<infer T> ? T : never };

/** A shape an event was stored in before, and what makes current data of it. */
export interface EarlierShape {
  fields: Fields;
  upcast(data: Record<string, unknown>): Record<string, unknown>;
}

/** The declaration of one event. Its TypeScript type, sealing, encoding and decoding derive from it. */
export interface EventDeclaration<F extends Fields = Fields> {
  fields: F;
  /** Stored name of the current shape; the event's type unless the shape has changed. */
  storedAs?: string;
  /** Earlier shapes by stored name. Never remove an entry: the log keeps all events. */
  earlier?: Readonly<Record<string, EarlierShape>>;
}

export type Declarations = Readonly<Record<string, EventDeclaration>>;

/**
 * Declares an event.
 *
 * Stored events never change, so every change of the fields gets a new stored name, and says how earlier data is read:
 * `event({ email: personal }, { storedAs: 'UserMoved.v2', earlier: { UserMoved: { fields: { mail: personal }, upcast } } })`.
 */
export const event = <const F extends Fields>(
  fields: F,
  stored: Omit<EventDeclaration, 'fields'> = {},
): EventDeclaration<F> => ({ fields, ...stored });

/** The events of some declarations, as a union on `type`. */
export type EventsOf<D extends Declarations> = {
  [T in keyof D & string]: { type: T; data: DataOf<D[T]['fields']> };
}[keyof D & string];
