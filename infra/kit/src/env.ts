import { InvalidSetting } from './invalidSetting.js';
import { readSecret } from './readSecret.js';
import { StartRefused } from './startRefused.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How one variable is read. */
export interface Reader<T> {
  /** @throws InvalidSetting */
  read(name: string, env: Environment): T;
}

/** The configuration is invalid. The message lists every invalid variable, one per line, without values. */
export class ConfigFault extends StartRefused {
  override readonly name = 'ConfigFault';

  constructor(readonly faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

type Parsed<S> = { [K in keyof S]: S[K] extends Reader<infer T> ? T : never };

/**
 * Reads a whole configuration and reports all faults at once.
 * @throws ConfigFault
 */
export const parseEnv = <S extends Readonly<Record<string, Reader<unknown>>>>(spec: S, env: Environment): Parsed<S> => {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(spec)) {
    try {
      values[name] = reader.read(name, env);
    } catch (error) {
      if (!(error instanceof InvalidSetting)) throw error;
      faults.push(`${name} ${error.message}`);
    }
  }
  if (faults.length > 0) throw new ConfigFault(faults);
  return values as Parsed<S>;
};

/** An empty variable counts as unset: compose files pass `${NAME:-}`. */
const nonEmpty = (name: string, env: Environment): string | undefined => env[name]?.trim() || undefined;

/** A reader of a variable that is not a secret. Without a fallback the variable is required. */
export const reader = <T>(parse: (text: string) => T, fallback: T | undefined): Reader<T> => ({
  read: (name, env) => {
    const value = nonEmpty(name, env);
    if (value !== undefined) return parse(value);
    if (fallback === undefined) throw new InvalidSetting('is missing');
    return fallback;
  },
});

/** Any text that is not empty, without surrounding white space. */
export const text = (fallback?: string): Reader<string> => reader((value) => value, fallback);

export interface IntegerBounds {
  default?: number;
  min?: number;
  max?: number;
}

/** A decimal integer of at most 15 digits, both bounds included. */
export const integer = ({
  default: fallback,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
}: IntegerBounds = {}): Reader<number> =>
  reader((value) => {
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) throw new InvalidSetting(`must be an integer from ${min} to ${max}`);
    return number;
  }, fallback);

/** A TCP port; 0 lets the operating system choose one. */
export const port = (fallback?: number): Reader<number> =>
  integer({ max: 65_535, ...(fallback === undefined ? {} : { default: fallback }) });

/** A comma-separated list; empty entries are dropped. */
export const list = (fallback?: readonly string[]): Reader<readonly string[]> =>
  reader(
    (value) =>
      value
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    fallback,
  );

/** One of the values, in exactly this spelling. */
export const oneOf = <const T extends string>(values: readonly T[], fallback?: T): Reader<T> =>
  reader((value) => {
    const known = values.find((candidate) => candidate === value);
    if (known === undefined) throw new InvalidSetting(`must be one of ${values.join(', ')}`);
    return known;
  }, fallback);

/** `true` or `false`. */
export const flag = (fallback?: boolean): Reader<boolean> =>
  reader((value) => {
    if (value !== 'true' && value !== 'false') throw new InvalidSetting('must be true or false');
    return value === 'true';
  }, fallback);

/** `undefined` when neither the variable nor its `_FILE` is set; a value that is set must still be valid. */
export const optional = <T>(inner: Reader<T>): Reader<T | undefined> => ({
  read: (name, env) =>
    nonEmpty(name, env) === undefined && nonEmpty(`${name}_FILE`, env) === undefined
      ? undefined
      : inner.read(name, env),
});

/**
 * A secret from `NAME`, or from the file that `NAME_FILE` names. It has no default. With `bytes` it is a key: base64 or
 * base64url of at least that many random bytes.
 */
export function secret(): Reader<string>;
export function secret(options: { bytes: number }): Reader<Buffer>;
export function secret(options?: { bytes: number }): Reader<string | Buffer> {
  return { read: (name, env) => readSecret(name, nonEmpty(name, env), nonEmpty(`${name}_FILE`, env), options?.bytes) };
}
