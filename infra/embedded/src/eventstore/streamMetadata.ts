import { LARGEST_POSITION } from './recordedEvent.js';

/** What the metadata of a stream hides of it. Each limit is undefined when it is not set. */
export interface StreamMetadata {
  /** `$maxCount`: only so many of the last events are shown. */
  readonly maxCount: bigint | undefined;
  /** `$maxAge`, in ticks of 100 ns: older events are hidden. In the metadata it is in seconds. */
  readonly maxAge: bigint | undefined;
  /** `$tb`: events before this revision are hidden. */
  readonly truncateBefore: bigint | undefined;
}

export const NO_LIMITS: StreamMetadata = { maxCount: undefined, maxAge: undefined, truncateBefore: undefined };
/** Metadata streams show their last event only. They have no metadata of their own. */
export const LIMITS_OF_METADATA_STREAMS: StreamMetadata = { ...NO_LIMITS, maxCount: 1n };
/** Metadata of a soft-deleted stream. */
export const SOFT_DELETED = Buffer.from(`{"$tb":${LARGEST_POSITION}}`);

const TICKS_PER_SECOND = 10_000_000n;

type Keys = Readonly<Record<string, unknown>>;

/** Parses the data of a metadata event. Metadata with a key of the wrong type or range has no effect at all, as in EventStoreDB. */
export const parseStreamMetadata = (data: Buffer): StreamMetadata => {
  const keys = parseObject(data);
  const maxCount = wholeNumber(keys?.$maxCount, 1);
  const seconds = wholeNumber(keys?.$maxAge, 1);
  const truncateBefore = wholeNumber(keys?.$tb, 0);
  if (maxCount === 'invalid' || seconds === 'invalid' || truncateBefore === 'invalid') return NO_LIMITS;
  return { maxCount, maxAge: seconds === undefined ? undefined : seconds * TICKS_PER_SECOND, truncateBefore };
};

/** Whether metadata hides the stream as a whole, which then counts as missing until the next append. */
export const isSoftDeleted = ({ truncateBefore }: StreamMetadata): boolean => truncateBefore === LARGEST_POSITION;

/** The first revision that `$maxCount` and `$tb` show, which may be beyond the end of the stream. */
export const firstShown = ({ maxCount, truncateBefore = 0n }: StreamMetadata, lastRevision: bigint): bigint => {
  const firstCounted = maxCount === undefined ? 0n : lastRevision - maxCount + 1n;
  return firstCounted > truncateBefore ? firstCounted : truncateBefore;
};

/** The metadata with another `$tb`; undefined when it is not a JSON object. Numbers beyond 2^53 in other keys lose precision. */
export const withTruncateBefore = (data: Buffer, revision: bigint): Buffer | undefined => {
  const keys = parseObject(data);
  return keys && Buffer.from(JSON.stringify({ ...keys, $tb: Number(revision) }));
};

const parseObject = (data: Buffer): Keys | undefined => {
  try {
    const parsed: unknown = JSON.parse(data.toString());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Keys) : undefined;
  } catch {
    // Anything may be written to a metadata stream; what is not metadata hides nothing.
    return undefined;
  }
};

/** JSON has no 64-bit integers: 2^63 - 1, which means a soft delete, arrives as 2^63. */
const wholeNumber = (value: unknown, min: number): bigint | undefined | 'invalid' => {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min) return 'invalid';
  const whole = BigInt(value);
  return whole < LARGEST_POSITION ? whole : LARGEST_POSITION;
};
