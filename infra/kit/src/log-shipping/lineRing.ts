/** Memory that the writing thread and the reading thread of a ring share. */
export interface RingMemory {
  /** {@link HEAD} and {@link TAIL}, in words since the ring was made. They overflow; only their difference counts. */
  positions: SharedArrayBuffer;
  /** Its size is a power of two. */
  data: SharedArrayBuffer;
}

/** A line and its number, counted from 0 over all lines written to the ring. */
export interface NumberedLine {
  number: number;
  text: string;
}

export interface RingWriter {
  /** Never waits. Drops the oldest lines to make room, and a line that would take more than a quarter of the ring. */
  write(line: string): void;
  /** Number of lines written so far, including those dropped since. */
  written(): number;
  dropped(): number;
}

export interface RingReader {
  /** Removes and returns the oldest lines. A single line may have more than `maxBytes`. */
  take(maxLines: number, maxBytes: number): NumberedLine[];
}

const HEAD = 0;
const TAIL = 1;
const WORD_BYTES = 4;
/** Before each line: its length in bytes, then its number, low word first. */
const HEADER_WORDS = 3;
const WORD_VALUES = 2 ** 32;
/** Instead of a length: the rest of the memory is unused, because the next line did not fit. */
const SKIP = 0xffff_ffff;
const MAX_UTF8_BYTES = 3;

/** @param bytes a power of two; pages of it that were never written take no memory. */
export const ringMemory = (bytes: number): RingMemory => ({
  positions: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
  data: new SharedArrayBuffer(bytes),
});

const viewsOf = ({ positions, data }: RingMemory) => ({
  positions: new Int32Array(positions),
  words: new Uint32Array(data),
  bytes: Buffer.from(data),
  capacity: data.byteLength / WORD_BYTES,
});

const recordWords = (bytes: number): number => HEADER_WORDS + Math.ceil(bytes / WORD_BYTES);

/** The one writer of a ring. It alone changes `HEAD` and the data; `TAIL` is moved by compare-and-exchange on both sides. */
export const ringWriter = (memory: RingMemory): RingWriter => {
  const { positions, words, bytes, capacity } = viewsOf(memory);
  let head = Atomics.load(positions, HEAD);
  let written = 0;
  let dropped = 0;

  const makeRoom = (needed: number): void => {
    for (;;) {
      const tail = Atomics.load(positions, TAIL);
      if ((head + needed - tail) >>> 0 <= capacity) return;
      const at = (tail >>> 0) % capacity;
      const length = words[at] as number;
      const next = (tail + (length === SKIP ? capacity - at : recordWords(length))) | 0;
      // If the reader was first, it has taken the line.
      if (Atomics.compareExchange(positions, TAIL, tail, next) === tail && length !== SKIP) dropped += 1;
    }
  };

  const advance = (by: number): void => {
    head = (head + by) | 0;
    Atomics.store(positions, HEAD, head);
  };

  return {
    write: (line) => {
      const number = written;
      written += 1;
      const most = recordWords(line.length * MAX_UTF8_BYTES);
      if (most > capacity / 4) {
        dropped += 1;
        return;
      }
      const rest = capacity - ((head >>> 0) % capacity);
      if (most > rest) {
        makeRoom(rest);
        words[capacity - rest] = SKIP;
        advance(rest);
      }
      makeRoom(most);
      const at = (head >>> 0) % capacity;
      const length = bytes.write(line, (at + HEADER_WORDS) * WORD_BYTES);
      words[at] = length;
      words[at + 1] = number % WORD_VALUES;
      words[at + 2] = Math.floor(number / WORD_VALUES);
      advance(recordWords(length));
    },
    written: () => written,
    dropped: () => dropped,
  };
};

interface ReadRecord {
  position: number;
  /** `undefined` where the memory is skipped. */
  line: NumberedLine | undefined;
}

/**
 * The one reader of a ring. It copies lines first, then moves `TAIL` past them. If the writer has moved `TAIL` meanwhile, the
 * lines before it are dropped and their copies may be damaged; the lines from there on were not overwritten.
 */
export const ringReader = (memory: RingMemory): RingReader => {
  const { positions, words, bytes, capacity } = viewsOf(memory);

  const readAt = (position: number): { record: ReadRecord; next: number; bytes: number } => {
    const at = (position >>> 0) % capacity;
    const length = words[at] as number;
    if (length === SKIP)
      return { record: { position, line: undefined }, next: (position + capacity - at) | 0, bytes: 0 };
    const start = (at + HEADER_WORDS) * WORD_BYTES;
    const number = (words[at + 2] as number) * WORD_VALUES + (words[at + 1] as number);
    const line = { number, text: bytes.toString('utf8', start, start + length) };
    return { record: { position, line }, next: (position + recordWords(length)) | 0, bytes: length };
  };

  const copyFrom = (tail: number, maxLines: number, maxBytes: number): { records: ReadRecord[]; next: number } => {
    const head = Atomics.load(positions, HEAD);
    const records: ReadRecord[] = [];
    let next = tail;
    let size = 0;
    while (records.length < maxLines && ((head - next) | 0) > 0) {
      const read = readAt(next);
      size += read.bytes;
      if (size > maxBytes && records.length > 0) break;
      records.push(read.record);
      ({ next } = read);
    }
    return { records, next };
  };

  /** @returns `undefined` when the writer has dropped all of the copied lines. */
  const claim = ({ records, next }: ReturnType<typeof copyFrom>): NumberedLine[] | undefined => {
    let kept = records;
    while (kept[0] !== undefined) {
      const { position } = kept[0];
      const tail = Atomics.compareExchange(positions, TAIL, position, next);
      if (tail === position) return kept.flatMap(({ line }) => (line === undefined ? [] : [line]));
      const first = kept.findIndex((record) => record.position === tail);
      kept = first === -1 ? [] : kept.slice(first);
    }
    return undefined;
  };

  return {
    take: (maxLines, maxBytes) => {
      for (;;) {
        const copied = copyFrom(Atomics.load(positions, TAIL), maxLines, maxBytes);
        if (copied.records.length === 0) return [];
        const lines = claim(copied);
        if (lines !== undefined && lines.length > 0) return lines;
      }
    },
  };
};
